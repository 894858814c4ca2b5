-- Families that a neighbor sent again within its session (RFC 7313): what came since counts as of a
-- generation of its own, later than the session's.
CREATE TABLE route_refresh (
  neighbor_id INTEGER NOT NULL REFERENCES neighbor,
  family      INTEGER NOT NULL REFERENCES family,
  generation  INTEGER NOT NULL,
  begun_at    BIGINT,               -- null if it has ended
  PRIMARY KEY (neighbor_id, family)
);
