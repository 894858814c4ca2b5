package org.bgppeer.app;

import java.time.Duration;
import org.bgppeer.journal.JournalRetention;
import org.bgppeer.store.DatabaseRetention;
import org.jspecify.annotations.Nullable;

/// What becomes of what was collected.
///
/// @param packets how long the files of the journal are kept
/// @param database how long the database keeps what is over
/// @param ribDump how often a table is written beside the packets; null for never
record Keeping(JournalRetention packets, DatabaseRetention database, @Nullable Duration ribDump) {}
