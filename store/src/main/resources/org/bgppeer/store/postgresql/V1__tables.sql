-- The tables of SQLite, see there for what each column means, in PostgreSQL's own types. Times are
-- microseconds since 1970-01-01T00:00:00Z here too; the view has timestamps.

CREATE TABLE follower (
  name            text PRIMARY KEY,
  journal_segment text NOT NULL,
  journal_offset  bigint NOT NULL,
  projected_at    bigint,
  beat_at         bigint,
  lag             bigint NOT NULL DEFAULT 0
);

-- What retention has removed: `history` has all that ended since then, and so on.
CREATE TABLE kept (
  what  text PRIMARY KEY,
  since bigint NOT NULL
);

CREATE TABLE family (
  code integer PRIMARY KEY,
  name text NOT NULL UNIQUE
);

CREATE TABLE neighbor (
  id            integer PRIMARY KEY,
  source        text NOT NULL,
  name          text NOT NULL UNIQUE,
  address       text NOT NULL,
  as_number     bigint NOT NULL,
  known_at      bigint NOT NULL,
  configured    boolean NOT NULL,
  state         text NOT NULL,
  since         bigint NOT NULL,
  cause         text,
  why           text NOT NULL,
  generation    integer NOT NULL,
  session_id    bigint,
  open_sent     bytea,
  open_received bytea,
  stale_until   bigint,
  last_packet_at bigint,
  last_update_at bigint,
  kept          text,
  notification  bytea,
  notification_packet bigint,
  UNIQUE (source, address, as_number)
);

CREATE TABLE session (
  id            bigint PRIMARY KEY,
  neighbor_id   integer NOT NULL REFERENCES neighbor,
  generation    integer NOT NULL,
  local_address text NOT NULL,
  up_at         bigint NOT NULL,
  down_at       bigint,
  cause         text,
  why           text,
  notification  bigint,
  open_sent     bytea,
  open_received bytea,
  updates       bigint NOT NULL DEFAULT 0,
  UNIQUE (neighbor_id, generation)
);

CREATE TABLE event (
  id           bigint PRIMARY KEY,
  at           bigint NOT NULL,
  last_at      bigint NOT NULL,
  times        bigint NOT NULL,
  neighbor_id  integer REFERENCES neighbor,
  address      text NOT NULL,
  kind         text NOT NULL,
  cause        text,
  why          text NOT NULL,
  packet       bigint
);
CREATE INDEX event_by_neighbor ON event (neighbor_id, id);

CREATE TABLE neighbor_family (
  neighbor_id   integer NOT NULL REFERENCES neighbor,
  family        integer NOT NULL REFERENCES family,
  alive_from    integer NOT NULL,
  active        bigint NOT NULL,
  stale         bigint NOT NULL,
  inactive      bigint NOT NULL,
  end_of_rib_at bigint,
  is_full       boolean NOT NULL DEFAULT FALSE,
  PRIMARY KEY (neighbor_id, family)
);

CREATE TABLE generation_end (
  neighbor_id integer NOT NULL,
  family      integer NOT NULL,
  generation  integer NOT NULL,
  ended_at    bigint NOT NULL,
  reason      text NOT NULL,
  PRIMARY KEY (neighbor_id, family, generation)
);

CREATE TABLE path_attributes (
  id                bigint PRIMARY KEY,
  octets            bytea NOT NULL,
  next_hop          text NOT NULL,
  origin            text NOT NULL,
  as_path           text NOT NULL,
  origin_as         bigint,
  med               bigint,
  local_pref        bigint,
  communities       text NOT NULL,
  large_communities text NOT NULL,
  ext_communities   text NOT NULL,
  atomic_aggregate  boolean NOT NULL,
  aggregator        text,
  other             text NOT NULL
);
CREATE TABLE path_attributes_by_hash (
  hash          bytea PRIMARY KEY,
  attributes_id bigint NOT NULL
);
CREATE TABLE path_attributes_by_origin_as (
  origin_as     bigint NOT NULL,
  attributes_id bigint NOT NULL,
  PRIMARY KEY (origin_as, attributes_id)
);

CREATE TABLE nlri (
  family     integer NOT NULL REFERENCES family,
  prefix_key bytea NOT NULL,
  text       text NOT NULL,
  inner_key  bytea,
  PRIMARY KEY (family, prefix_key)
);
CREATE INDEX nlri_by_inner_key ON nlri (inner_key) WHERE inner_key IS NOT NULL;
CREATE INDEX nlri_by_text ON nlri USING hash (text); -- some are longer than a B-tree takes

-- Room is left in each page: a new version of a row stays in its page then and costs no index entry.
-- Vacuum comes when a fiftieth has changed, and not a fifth of millions.
CREATE TABLE route (
  neighbor_id   integer NOT NULL,
  family        integer NOT NULL,
  path_id       bigint NOT NULL,
  attributes_id bigint NOT NULL,
  generation    integer NOT NULL,
  version       integer NOT NULL,
  valid_from    bigint NOT NULL,
  packet        bigint NOT NULL,
  first_seen    bigint,
  ended_at      bigint,
  end_packet    bigint,
  prefix_key    bytea NOT NULL,
  end_reason    text,
  details       text,
  nlri          bytea,
  PRIMARY KEY (neighbor_id, family, prefix_key, path_id)
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);

-- A partition holds what ended in one week, Monday to Monday UTC; whoever writes makes it. Old ones can
-- be detached or dropped whole.
CREATE TABLE route_history (
  neighbor_id   integer NOT NULL,
  family        integer NOT NULL,
  path_id       bigint NOT NULL,
  attributes_id bigint NOT NULL,
  version       integer NOT NULL,
  valid_from    bigint NOT NULL,
  packet        bigint NOT NULL,
  ended_at      bigint NOT NULL,
  end_packet    bigint,
  prefix_key    bytea NOT NULL,
  end_reason    text NOT NULL,
  details       text,
  nlri          bytea,
  PRIMARY KEY (neighbor_id, family, prefix_key, path_id, version, ended_at)
) PARTITION BY RANGE (ended_at);
CREATE INDEX route_history_by_end ON route_history USING brin (ended_at);

CREATE TABLE tally (
  neighbor_id integer NOT NULL,
  family      integer NOT NULL,
  minute      bigint NOT NULL,
  active      bigint NOT NULL,
  announced   bigint NOT NULL,
  withdrawn   bigint NOT NULL,
  PRIMARY KEY (neighbor_id, family, minute)
);

CREATE TABLE finding (
  packet      bigint NOT NULL,
  neighbor_id integer NOT NULL,
  at          bigint NOT NULL,
  handling    text NOT NULL,
  reason      text NOT NULL,
  rowid       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY
);
CREATE INDEX finding_by_packet ON finding (packet);
CREATE INDEX finding_by_time ON finding (at);

-- The prefix that a key of 5 or 17 octets stands for.
CREATE FUNCTION network_of(key bytea) RETURNS cidr
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE length(key)
  WHEN 5 THEN (get_byte(key, 0) || '.' || get_byte(key, 1) || '.' || get_byte(key, 2) || '.'
    || get_byte(key, 3) || '/' || get_byte(key, 4))::cidr
  ELSE (regexp_replace(encode(substr(key, 1, 16), 'hex'), '(....)(?=.)', '\1:', 'g')
    || '/' || get_byte(key, 16))::cidr
END;

-- Its text by RFC 5952. PostgreSQL writes ::c000:201 as ::192.0.2.1, which is for ::ffff:0:0/96 alone.
CREATE FUNCTION prefix_of(key bytea) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
  WHEN length(key) = 17 AND substr(key, 1, 12) = '\x000000000000000000000000'
      AND substr(key, 13, 2) <> '\x0000'
    THEN '::' || to_hex(get_byte(key, 12) * 256 + get_byte(key, 13))
      || ':' || to_hex(get_byte(key, 14) * 256 + get_byte(key, 15)) || '/' || get_byte(key, 16)
  ELSE text(network_of(key))
END;

CREATE FUNCTION time_of(micros bigint) RETURNS timestamptz
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN timestamptz '1970-01-01 00:00:00Z' + micros * interval '1 microsecond';

-- Routes for people: the columns of `bgp-peer routes --format json`, and `network`, which is `prefix`
-- as a cidr where it is one: WHERE network <<= '192.0.2.0/24'.
CREATE VIEW routes AS
SELECT
  n.name AS neighbor,
  n.as_number AS neighbor_as,
  f.name AS family,
  CASE WHEN r.family IN (257, 258, 260, 513, 514, 516) THEN prefix_of(r.prefix_key)
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
  time_of(coalesce(r.first_seen, r.valid_from)) AS first_seen,
  time_of(coalesce(r.ended_at, g.ended_at, r.valid_from)) AS last_changed,
  coalesce(r.details, '') AS details,
  CASE WHEN r.family IN (257, 258, 260, 513, 514, 516) THEN network_of(r.prefix_key) END AS network
FROM route r
JOIN neighbor n ON n.id = r.neighbor_id
JOIN family f ON f.code = r.family
JOIN path_attributes a ON a.id = r.attributes_id
LEFT JOIN generation_end g
  ON g.neighbor_id = r.neighbor_id AND g.family = r.family AND g.generation = r.generation;
