-- The way from an origin AS to its routes: prefixes that anybody announced with it, ever or as long
-- as retention keeps it. A row may be there without such a route, so each route is looked at.
CREATE TABLE origin_prefix (
  origin_as  bigint NOT NULL,
  family     integer NOT NULL,
  prefix_key bytea NOT NULL,
  PRIMARY KEY (origin_as, family, prefix_key)
);

-- Tables of neighbors of which origin_prefix may lack something yet: see OriginIndex.
CREATE TABLE origin_todo (
  neighbor_id integer NOT NULL,
  family      integer NOT NULL,
  since       bigint NOT NULL,       -- nothing that was replaced before
  PRIMARY KEY (neighbor_id, family)
);
INSERT INTO origin_todo SELECT neighbor_id, family, 0 FROM neighbor_family;
