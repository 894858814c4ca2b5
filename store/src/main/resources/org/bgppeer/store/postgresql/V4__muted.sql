-- Neighbors whose routes are kept and shown to nobody who does not ask for that neighbor.
CREATE TABLE muted (
  neighbor_id   INTEGER PRIMARY KEY REFERENCES neighbor,
  is_configured INTEGER NOT NULL     -- 1: by the configuration, 0: by a command
);
