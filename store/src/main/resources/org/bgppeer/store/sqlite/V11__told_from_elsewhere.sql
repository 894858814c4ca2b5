-- What can be told from elsewhere is not stored again. `octets` is null where the other columns give it:
-- see AttributeSet.encode. A route, or a former version, that came with the message which brought its
-- attribute set for the first time has no `valid_from` and no `packet`: those of the set are its own.
ALTER TABLE path_attributes ALTER COLUMN octets DROP NOT NULL;
ALTER TABLE path_attributes ADD COLUMN first_at INTEGER;     -- null of what came before this was kept
ALTER TABLE path_attributes ADD COLUMN first_packet INTEGER;
ALTER TABLE route ALTER COLUMN valid_from DROP NOT NULL;
ALTER TABLE route ALTER COLUMN packet DROP NOT NULL;
ALTER TABLE route_history ALTER COLUMN valid_from DROP NOT NULL;
ALTER TABLE route_history ALTER COLUMN packet DROP NOT NULL;

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
  a.communities AS communities,
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
