-- What a neighbor held of a family at any moment: counts just before `since`, and what changed from
-- then until the next row begins, see HeldCounts.
CREATE TABLE held (
  neighbor_id INTEGER NOT NULL,
  family      INTEGER NOT NULL,
  since       INTEGER NOT NULL,
  active      INTEGER NOT NULL,
  total       INTEGER NOT NULL,      -- active or not
  changes     BLOB NOT NULL,
  PRIMARY KEY (neighbor_id, family, since)
) STRICT, WITHOUT ROWID;
INSERT INTO held SELECT neighbor_id, family, (SELECT max(projected_at) + 1 FROM follower), active,
  active + inactive, x'' FROM neighbor_family;
-- what was before is to be counted route by route
INSERT INTO kept SELECT 'held', max(since) FROM held HAVING max(since) IS NOT NULL;
