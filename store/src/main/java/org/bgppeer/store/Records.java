package org.bgppeer.store;

import java.io.IOException;
import java.time.Duration;
import org.bgppeer.journal.JournalReader;
import org.bgppeer.journal.Position;
import org.bgppeer.wire.PeerIndex;
import org.jspecify.annotations.Nullable;

/// Where a [Projector] gets its MRT records from: the journal, or archives.
public interface Records extends AutoCloseable {
  /// Goes to the next record.
  ///
  /// @param wait how long to wait for one to come; zero to look only
  /// @return false if none came
  /// @throws IOException if it cannot be read; the message names the file
  boolean next(Duration wait) throws IOException, InterruptedException;

  /// The array that holds the record from [#offset] on, valid until the next [#next].
  byte[] buffer();

  int offset();

  int length();

  /// Behind the record: what to go on from.
  Position after();

  /// What the record is called in the database: different for each record of one neighbor, positive
  /// if it can be read again from the journal (see [PacketId]), else negative.
  long packet();

  /// The neighbors that routes of tables mean by a number; null if no such table came.
  default @Nullable PeerIndex peers() {
    return null;
  }

  @Override
  void close() throws IOException;

  /// The records of the journal.
  static Records of(JournalReader reader) {
    return new Records() {
      private String segment = "";
      private long base;

      @Override
      public boolean next(Duration wait) throws IOException, InterruptedException {
        return reader.next(wait);
      }

      @Override
      public byte[] buffer() {
        return reader.buffer();
      }

      @Override
      public int offset() {
        return reader.offset();
      }

      @Override
      public int length() {
        return reader.length();
      }

      @Override
      public Position after() {
        return reader.after();
      }

      @Override
      public long packet() {
        var position = reader.position();
        if (!position.segment().equals(segment)) {
          segment = position.segment();
          base = PacketId.base(segment);
        }
        return base + position.offset();
      }

      @Override
      public void close() throws IOException {
        reader.close();
      }
    };
  }
}
