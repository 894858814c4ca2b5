-- What can be told from elsewhere is not stored again. `octets` is null where the other columns give it:
-- see AttributeSet.encode. A route, or a former version, that came with the message which brought its
-- attribute set for the first time has no `valid_from` and no `packet`: those of the set are its own.
ALTER TABLE path_attributes ALTER COLUMN octets DROP NOT NULL;
ALTER TABLE path_attributes ADD COLUMN first_at bigint;     -- null of what came before this was kept
ALTER TABLE path_attributes ADD COLUMN first_packet bigint;
ALTER TABLE route ALTER COLUMN valid_from DROP NOT NULL;
ALTER TABLE route ALTER COLUMN packet DROP NOT NULL;
ALTER TABLE route_history ALTER COLUMN valid_from DROP NOT NULL;
ALTER TABLE route_history ALTER COLUMN packet DROP NOT NULL;

CREATE OR REPLACE VIEW routes AS
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
  time_of(coalesce(r.first_seen, r.valid_from, a.first_at)) AS first_seen,
  time_of(coalesce(r.ended_at, g.ended_at, r.valid_from, a.first_at)) AS last_changed,
  coalesce(r.details, '') AS details,
  CASE WHEN r.family IN (257, 258, 260, 513, 514, 516) THEN network_of(r.prefix_key) END AS network
FROM route r
JOIN neighbor n ON n.id = r.neighbor_id
JOIN family f ON f.code = r.family
JOIN path_attributes a ON a.id = r.attributes_id
LEFT JOIN generation_end g
  ON g.neighbor_id = r.neighbor_id AND g.family = r.family AND g.generation = r.generation;
