-- Of neighbors with one address and AS the end of their sessions that tells them apart; else empty.
ALTER TABLE neighbor ADD COLUMN local_address text NOT NULL DEFAULT '';
ALTER TABLE neighbor DROP CONSTRAINT neighbor_source_address_as_number_key;
ALTER TABLE neighbor ADD UNIQUE (source, address, as_number, local_address);
