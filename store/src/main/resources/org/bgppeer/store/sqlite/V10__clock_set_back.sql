-- Moments that were twice, as a clock was set back: what a neighbor said of a family came at `until`,
-- and after that something at `since`. Of them the newest word counts, and each route is asked for its own.
CREATE TABLE clock_set_back (
  neighbor_id INTEGER NOT NULL,
  family      INTEGER NOT NULL,
  until       INTEGER NOT NULL,
  since       INTEGER NOT NULL,
  PRIMARY KEY (neighbor_id, family, until)
) STRICT, WITHOUT ROWID;

-- the latest time at which something was said
ALTER TABLE neighbor_family ADD COLUMN latest_at INTEGER NOT NULL DEFAULT 0;
UPDATE neighbor_family SET latest_at = coalesce((SELECT max(projected_at) FROM follower), 0);
