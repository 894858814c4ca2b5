package org.bgppeer.app;

import org.bgppeer.wire.Lines;
import org.bgppeer.wire.PeerIndex;
import org.jspecify.annotations.Nullable;

/// Writes MRT records in one of the formats of `decode`; belongs to one thread.
interface RecordText {
  /// Writes one record.
  ///
  /// @param array holds all of it from `offset` on
  /// @param number of the record in the file, from 1
  /// @param fileOffset of its first octet in the file
  /// @param peers the last peer index table before it; null if none came
  /// @return what is wrong with the record; null if nothing is
  @Nullable String write(
      byte[] array,
      int offset,
      int length,
      long number,
      long fileOffset,
      @Nullable PeerIndex peers,
      Lines out);
}
