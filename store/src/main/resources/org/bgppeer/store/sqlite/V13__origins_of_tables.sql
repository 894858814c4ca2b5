-- value_stretch has origin ASes too, so it says which tables have one: all is walked through again.
INSERT INTO origin_todo SELECT neighbor_id, family, 0 FROM neighbor_family WHERE TRUE
  ON CONFLICT (neighbor_id, family) DO UPDATE SET since = 0;
