-- Lists of communities come again and again, from all neighbors: a longer one is here once and
-- `path_attributes` has its number in the place of its text, see CommunityLists.
CREATE TABLE community_list (
  id   bigint PRIMARY KEY,
  text text NOT NULL
);
ALTER TABLE path_attributes ALTER COLUMN communities DROP NOT NULL;
ALTER TABLE path_attributes ADD COLUMN community_list_id bigint;

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
  coalesce(a.communities, (SELECT l.text FROM community_list l WHERE l.id = a.community_list_id))
    AS communities,
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
