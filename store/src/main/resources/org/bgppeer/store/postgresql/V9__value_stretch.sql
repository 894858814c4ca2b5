-- The way from a community, a next hop or an AS that is no origin to where routes have it: parts of
-- the table of a neighbor in which a route had it, ever or since the table was last looked through.
-- One may be there without such a route, so each route is looked at.
CREATE TABLE value_stretch (
  neighbor_id integer NOT NULL,
  family      integer NOT NULL,
  value       text COLLATE "C" NOT NULL, -- a letter for its kind and its text: see RouteValues
  stretches   bytea NOT NULL,        -- see Stretches
  PRIMARY KEY (neighbor_id, family, value)
);

-- what origin_todo says of origin_prefix holds for this one too
INSERT INTO origin_todo SELECT neighbor_id, family, 0 FROM neighbor_family
  ON CONFLICT (neighbor_id, family) DO UPDATE SET since = 0;
