-- Lists of communities come again and again, from all neighbors: a longer one is here once and
-- `path_attributes` has its number in the place of its text, see CommunityLists.
CREATE TABLE community_list (
  id   INTEGER PRIMARY KEY,
  text TEXT NOT NULL
) STRICT;
ALTER TABLE path_attributes ALTER COLUMN communities DROP NOT NULL;
ALTER TABLE path_attributes ADD COLUMN community_list_id INTEGER;

DROP VIEW routes;
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
  coalesce(a.communities, (SELECT l.text FROM community_list l WHERE l.id = a.community_list_id))
    AS communities,
  a.large_communities AS large_communities,
  a.ext_communities AS ext_communities,
  strftime('%Y-%m-%dT%H:%M:%S', coalesce(r.first_seen, r.valid_from, a.first_at) / 1000000, 'unixepoch')
    || printf('.%06dZ', coalesce(r.first_seen, r.valid_from, a.first_at) % 1000000) AS first_seen,
  strftime('%Y-%m-%dT%H:%M:%S', coalesce(r.ended_at, g.ended_at, r.valid_from, a.first_at) / 1000000, 'unixepoch')
    || printf('.%06dZ', coalesce(r.ended_at, g.ended_at, r.valid_from, a.first_at) % 1000000) AS last_changed,
  coalesce(r.details, '') AS details
FROM route r
JOIN neighbor n ON n.id = r.neighbor_id
JOIN family f ON f.code = r.family
JOIN path_attributes a ON a.id = r.attributes_id
LEFT JOIN generation_end g
  ON g.neighbor_id = r.neighbor_id AND g.family = r.family AND g.generation = r.generation;
