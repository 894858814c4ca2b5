-- Hashes of sets have a key of this database: all are made again from the sets, see AttributeSets.
DROP TABLE path_attributes_by_hash;
CREATE TABLE path_attributes_by_hash (
  hash          INTEGER PRIMARY KEY, -- the first 64 bits of SipHash-2-4 of the octets
  attributes_id INTEGER NOT NULL
) STRICT;
DROP TABLE path_attributes_hashed;
CREATE TABLE path_attributes_hashed (
  up_to    INTEGER NOT NULL,           -- the hashes of all sets up to this number are there
  hash_key BLOB NOT NULL               -- 16 octets that nobody else may know
) STRICT;
INSERT INTO path_attributes_hashed VALUES (0, randomblob(16));
