-- SQLite changes no constraint of a table, so there is a new one. The view and what refers to it mean
-- it by its name.
PRAGMA legacy_alter_table = ON;
CREATE TABLE neighbor_new (
  id            INTEGER PRIMARY KEY,
  source        TEXT NOT NULL,       -- live, or the archive that it came from
  name          TEXT NOT NULL UNIQUE,
  address       TEXT NOT NULL,
  as_number     INTEGER NOT NULL,
  local_address TEXT NOT NULL,       -- of those with one address and AS the end of their sessions
                                     -- that tells them apart; else empty
  known_at      INTEGER NOT NULL,    -- when we heard of it first
  configured    INTEGER NOT NULL,    -- 1 while the configuration has it
  state         TEXT NOT NULL,       -- up, down, stale, connecting, imported
  since         INTEGER NOT NULL,
  cause         TEXT,                -- why the last session ended or the last attempt failed
  why           TEXT NOT NULL,
  generation    INTEGER NOT NULL,    -- sessions so far: the number of the current or last one
  session_id    INTEGER,
  open_sent     BLOB,                -- the newest OPENs, for the session that they may become
  open_received BLOB,
  stale_until   INTEGER,             -- when the routes that our restart made stale are given up
  last_packet_at INTEGER,
  last_update_at INTEGER,            -- in the current session; when it began, if none came
  kept          TEXT,                -- for how long which families outlive the session that ended at
                                     -- `since`: the neighbor restarts (docs/journal.md)
  notification  BLOB,                -- said since the last state change, whose reason it may be
  notification_packet INTEGER,
  ahead_segment TEXT,                -- what it sent before this position is in the tables, although
  ahead_offset  INTEGER,             -- the follower's own position is before it
  UNIQUE (source, address, as_number, local_address)
) STRICT;
INSERT INTO neighbor_new SELECT id, source, name, address, as_number, '',
  known_at, configured, state, since, cause, why, generation, session_id, open_sent,
  open_received, stale_until, last_packet_at, last_update_at, kept, notification,
  notification_packet, ahead_segment, ahead_offset
FROM neighbor;
DROP TABLE neighbor;
ALTER TABLE neighbor_new RENAME TO neighbor;
PRAGMA legacy_alter_table = OFF;
