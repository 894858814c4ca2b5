-- Times are microseconds since 1970-01-01T00:00:00Z. Packets are positions in the journal, see
-- PacketId. Families are afi * 256 + safi.

CREATE TABLE follower (
  name            TEXT PRIMARY KEY,
  journal_segment TEXT NOT NULL,     -- everything before this position is in the tables below
  journal_offset  INTEGER NOT NULL,
  projected_at    INTEGER,           -- the time of the newest record that they hold
  beat_at         INTEGER,           -- when the projector said last that it is alive
  lag             INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- What retention has removed: `history` has all that ended since then, and so on.
CREATE TABLE kept (
  what  TEXT PRIMARY KEY,            -- history, log
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE family (
  code INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE neighbor (
  id            INTEGER PRIMARY KEY,
  source        TEXT NOT NULL,       -- live, or the archive that it came from
  name          TEXT NOT NULL UNIQUE,
  address       TEXT NOT NULL,
  as_number     INTEGER NOT NULL,
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
  UNIQUE (source, address, as_number)
) STRICT;

CREATE TABLE session (
  id            INTEGER PRIMARY KEY,
  neighbor_id   INTEGER NOT NULL REFERENCES neighbor,
  generation    INTEGER NOT NULL,
  local_address TEXT NOT NULL,
  up_at         INTEGER NOT NULL,
  down_at       INTEGER,
  cause         TEXT,
  why           TEXT,
  notification  INTEGER,
  open_sent     BLOB,
  open_received BLOB,
  updates       INTEGER NOT NULL DEFAULT 0,
  UNIQUE (neighbor_id, generation)
) STRICT;

-- The session log: what happened to sessions, attempts and strangers, a row a story.
CREATE TABLE event (
  id           INTEGER PRIMARY KEY,
  at           INTEGER NOT NULL,
  last_at      INTEGER NOT NULL,
  times        INTEGER NOT NULL,
  neighbor_id  INTEGER REFERENCES neighbor,
  address      TEXT NOT NULL,
  kind         TEXT NOT NULL,        -- up, down, failed, rejected
  cause        TEXT,
  why          TEXT NOT NULL,
  packet       INTEGER
) STRICT;
CREATE INDEX event_by_neighbor ON event (neighbor_id, id);

-- What a neighbor holds in a family. This row is all that the end of a session touches.
CREATE TABLE neighbor_family (
  neighbor_id   INTEGER NOT NULL REFERENCES neighbor,
  family        INTEGER NOT NULL REFERENCES family,
  alive_from    INTEGER NOT NULL,    -- routes of this generation and later ones are active
  active        INTEGER NOT NULL,
  stale         INTEGER NOT NULL,    -- of the active ones: of generations before the current one
  inactive      INTEGER NOT NULL,
  end_of_rib_at INTEGER,             -- in the current generation
  is_full       INTEGER NOT NULL DEFAULT 0, -- 1: it has as many as it may, no more are stored
  PRIMARY KEY (neighbor_id, family)
) STRICT, WITHOUT ROWID;

-- Generations that have ended, and with them each route that says no other end.
CREATE TABLE generation_end (
  neighbor_id INTEGER NOT NULL,
  family      INTEGER NOT NULL,
  generation  INTEGER NOT NULL,
  ended_at    INTEGER NOT NULL,
  reason      TEXT NOT NULL,         -- session-down, not-resent-before-End-of-RIB, …
  PRIMARY KEY (neighbor_id, family, generation)
) STRICT, WITHOUT ROWID;

-- Each set of path attributes once. The octets are those of an MRT RIB entry (RFC 6396 section 4.3.4).
CREATE TABLE path_attributes (
  id                INTEGER PRIMARY KEY,
  octets            BLOB NOT NULL,
  next_hop          TEXT NOT NULL,
  origin            TEXT NOT NULL,
  as_path           TEXT NOT NULL,
  origin_as         INTEGER,
  med               INTEGER,
  local_pref        INTEGER,
  communities       TEXT NOT NULL,
  large_communities TEXT NOT NULL,
  ext_communities   TEXT NOT NULL,
  atomic_aggregate  INTEGER NOT NULL,
  aggregator        TEXT,
  other             TEXT NOT NULL
) STRICT;

-- What would be indexes of path_attributes, as tables: their rows are written at the end of a batch
-- and in the order of their keys, for at random an index costs six times what its table does.
CREATE TABLE path_attributes_by_hash (
  hash          BLOB PRIMARY KEY,    -- the first 16 octets of SHA-256 of the octets
  attributes_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE path_attributes_by_origin_as (
  origin_as     INTEGER NOT NULL,
  attributes_id INTEGER NOT NULL,
  PRIMARY KEY (origin_as, attributes_id)
) STRICT, WITHOUT ROWID;

-- The text of each key that is not that of a prefix: what is written for people, and searched for.
CREATE TABLE nlri (
  family     INTEGER NOT NULL REFERENCES family,
  prefix_key BLOB NOT NULL,
  text       TEXT NOT NULL,
  inner_key  BLOB,                   -- of a prefix within: 4 or 6, and what the key of a prefix is
  PRIMARY KEY (family, prefix_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX nlri_by_text ON nlri (text);
CREATE INDEX nlri_by_inner_key ON nlri (inner_key) WHERE inner_key IS NOT NULL;

-- The current version of each path of each prefix of each neighbor, active or not. The key sorts as
-- (address, length), so one descent of the tree finds a prefix or all that lie within it. In families
-- whose routes are not just prefixes the key is what identifies one, see NlriCursor, and `nlri` has
-- its text; what it says beside that is in `details`.
CREATE TABLE route (
  neighbor_id   INTEGER NOT NULL,
  family        INTEGER NOT NULL,
  prefix_key    BLOB NOT NULL,       -- of a prefix: address, padded to 4 or 16 octets, and length
  path_id       INTEGER NOT NULL,    -- -1 without ADD-PATH
  attributes_id INTEGER NOT NULL,
  generation    INTEGER NOT NULL,    -- the session that sent it last
  version       INTEGER NOT NULL,    -- 1 for the first
  valid_from    INTEGER NOT NULL,
  packet        INTEGER NOT NULL,
  first_seen    INTEGER,             -- null if the same as valid_from
  former        INTEGER,             -- the version before this one, in route_history
  ended_at      INTEGER,             -- null until withdrawn: see also generation_end
  end_reason    TEXT,
  end_packet    INTEGER,
  details       TEXT,                -- labels and the like: null if there are none
  nlri          BLOB,                -- as it came, without path identifier; null if just a prefix
  PRIMARY KEY (neighbor_id, family, prefix_key, path_id)
) STRICT, WITHOUT ROWID;

-- A log of former versions in the order in which they ceased to be current: what comes is appended,
-- retention takes from the beginning, and no index has to follow. The versions of one path are a
-- chain that begins at its row in `route`; it ends with null, or with a row that was removed.
CREATE TABLE route_history (
  id            INTEGER PRIMARY KEY,
  previous      INTEGER,             -- the version before this one
  neighbor_id   INTEGER NOT NULL,
  family        INTEGER NOT NULL,
  prefix_key    BLOB NOT NULL,
  path_id       INTEGER NOT NULL,
  version       INTEGER NOT NULL,
  attributes_id INTEGER NOT NULL,
  valid_from    INTEGER NOT NULL,
  packet        INTEGER NOT NULL,
  ended_at      INTEGER NOT NULL,
  end_reason    TEXT NOT NULL,
  end_packet    INTEGER,
  details       TEXT,
  nlri          BLOB
) STRICT;

-- Where in the log the versions begin that ended in a minute. Those that a session's end took come
-- later than that, when they are replaced.
CREATE TABLE route_history_minute (
  minute   INTEGER PRIMARY KEY,      -- since 1970-01-01T00:00Z
  first_id INTEGER NOT NULL
) STRICT;

-- Counts over time: the state at the end of each minute in which something changed.
CREATE TABLE tally (
  neighbor_id INTEGER NOT NULL,
  family      INTEGER NOT NULL,
  minute      INTEGER NOT NULL,      -- since 1970-01-01T00:00Z
  active      INTEGER NOT NULL,
  announced   INTEGER NOT NULL,
  withdrawn   INTEGER NOT NULL,
  PRIMARY KEY (neighbor_id, family, minute)
) STRICT, WITHOUT ROWID;

-- What RFC 7606 had to say about a packet.
CREATE TABLE finding (
  packet      INTEGER NOT NULL,
  neighbor_id INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  handling    TEXT NOT NULL,
  reason      TEXT NOT NULL
) STRICT;
CREATE INDEX finding_by_packet ON finding (packet);
CREATE INDEX finding_by_time ON finding (at);

-- For the view: the text of an octet, and what `::` may stand for.
CREATE TABLE octet (
  hex  TEXT PRIMARY KEY,
  text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 255)
  INSERT INTO octet SELECT printf('%02X', i), i FROM n;
CREATE TABLE zero_run (
  groups INTEGER PRIMARY KEY,
  text   TEXT NOT NULL
) STRICT;
INSERT INTO zero_run VALUES
  (2, ':0:0:'), (3, ':0:0:0:'), (4, ':0:0:0:0:'), (5, ':0:0:0:0:0:'), (6, ':0:0:0:0:0:0:'),
  (7, ':0:0:0:0:0:0:0:'), (8, ':0:0:0:0:0:0:0:0:');

-- Routes for people: the columns of `bgp-peer routes --format json`.
CREATE VIEW routes AS
SELECT
  n.name AS neighbor,
  n.as_number AS neighbor_as,
  f.name AS family,
  CASE
    WHEN r.family IN (257, 258, 260) THEN (
      SELECT (SELECT text FROM octet WHERE hex = substr(h, 1, 2))
          || '.' || (SELECT text FROM octet WHERE hex = substr(h, 3, 2))
          || '.' || (SELECT text FROM octet WHERE hex = substr(h, 5, 2))
          || '.' || (SELECT text FROM octet WHERE hex = substr(h, 7, 2))
          || '/' || (SELECT text FROM octet WHERE hex = substr(h, 9, 2))
      FROM (SELECT hex(r.prefix_key) AS h))
    WHEN r.family IN (513, 514, 516) THEN (
      -- RFC 5952: lower case, no leading zeros, :: for the first of the longest runs of zeros
      SELECT coalesce(
          (SELECT ltrim(substr(s, 1, instr(s, z.text) - 1), ':') || '::'
              || rtrim(substr(s, instr(s, z.text) + length(z.text)), ':')
            FROM zero_run z WHERE instr(s, z.text) > 0 ORDER BY z.groups DESC LIMIT 1),
          trim(s, ':')) || '/' || (SELECT text FROM octet WHERE hex = substr(h, 33, 2))
      FROM (SELECT h, ':' || coalesce(nullif(lower(ltrim(substr(h, 1, 4), '0')), ''), '0')
          || ':' || coalesce(nullif(lower(ltrim(substr(h, 5, 4), '0')), ''), '0')
          || ':' || coalesce(nullif(lower(ltrim(substr(h, 9, 4), '0')), ''), '0')
          || ':' || coalesce(nullif(lower(ltrim(substr(h, 13, 4), '0')), ''), '0')
          || ':' || coalesce(nullif(lower(ltrim(substr(h, 17, 4), '0')), ''), '0')
          || ':' || coalesce(nullif(lower(ltrim(substr(h, 21, 4), '0')), ''), '0')
          || ':' || coalesce(nullif(lower(ltrim(substr(h, 25, 4), '0')), ''), '0')
          || ':' || coalesce(nullif(lower(ltrim(substr(h, 29, 4), '0')), ''), '0') || ':' AS s
        FROM (SELECT hex(r.prefix_key) AS h)))
    ELSE (SELECT text FROM nlri WHERE nlri.family = r.family AND nlri.prefix_key = r.prefix_key)
  END AS prefix,
  nullif(r.path_id, -1) AS path_id,
  a.next_hop AS next_hop,
  r.ended_at IS NULL AND g.ended_at IS NULL AS active,
  coalesce(r.end_reason, g.reason) AS reason,
  a.origin AS origin,
  a.as_path AS as_path,
  a.origin_as AS origin_as,
  a.med AS med,
  a.local_pref AS local_pref,
  a.communities AS communities,
  a.large_communities AS large_communities,
  a.ext_communities AS ext_communities,
  strftime('%Y-%m-%dT%H:%M:%S', coalesce(r.first_seen, r.valid_from) / 1000000, 'unixepoch')
    || printf('.%06dZ', coalesce(r.first_seen, r.valid_from) % 1000000) AS first_seen,
  strftime('%Y-%m-%dT%H:%M:%S', coalesce(r.ended_at, g.ended_at, r.valid_from) / 1000000, 'unixepoch')
    || printf('.%06dZ', coalesce(r.ended_at, g.ended_at, r.valid_from) % 1000000) AS last_changed,
  coalesce(r.details, '') AS details
FROM route r
JOIN neighbor n ON n.id = r.neighbor_id
JOIN family f ON f.code = r.family
JOIN path_attributes a ON a.id = r.attributes_id
LEFT JOIN generation_end g
  ON g.neighbor_id = r.neighbor_id AND g.family = r.family AND g.generation = r.generation;
