-- Hashes come at random: they wait until there are enough of them, see AttributeSets, and are made
-- again from the sets of higher numbers if the process ends before.
DROP TABLE path_attributes_by_origin_as;
DROP TABLE path_attributes_by_hash;
CREATE TABLE path_attributes_by_hash (
  hash          INTEGER PRIMARY KEY, -- the first 8 octets of SHA-256 of the octets
  attributes_id INTEGER NOT NULL
) STRICT;
CREATE TABLE path_attributes_hashed (
  up_to INTEGER NOT NULL                -- the hashes of all sets up to this number are there
) STRICT;
INSERT INTO path_attributes_hashed VALUES (0);
