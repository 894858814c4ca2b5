-- Most values are in few stretches, and all neighbors have them where the others do: one row for all
-- of these in the place of one for each. The others, and those of before, are in value_stretch; what
-- is in both goes for both.
CREATE TABLE value_shared (
  family    INTEGER NOT NULL,
  value     TEXT NOT NULL,           -- as in value_stretch
  stretches BLOB NOT NULL,           -- over all of these neighbors: see NumberSet
  neighbors BLOB NOT NULL,           -- their numbers: see NumberSet
  PRIMARY KEY (family, value)
) STRICT, WITHOUT ROWID;
