-- A large batch is written neighbor by neighbor: until it is all there, what one of them sent before
-- this position is in the tables, although the follower's own position is before it.
ALTER TABLE neighbor ADD COLUMN ahead_segment text;
ALTER TABLE neighbor ADD COLUMN ahead_offset bigint;
