package org.bgppeer.store;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;

/// Rows in the binary format of PostgreSQL's COPY, gathered in memory or sent as they come.
///
/// ```
/// "PGCOPY\n\377\r\n\0"  flags (u32)  length of extension (u32)
/// a row:   columns (u16), and of each: octets (u32; ffffffff for null), value
/// the end: ffff
/// ```
final class PostgresCopy {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };
  private static final int HEADER = SIGNATURE.length + 8;

  /// Octets that are sent at once.
  private static final int PIECE = 1 << 16;

  private final int columns;
  private byte[] buffer = new byte[PIECE];
  private int size;
  private long rows;
  private @Nullable CopyIn stream;

  /// @param columns of each row
  PostgresCopy(int columns) {
    this.columns = columns;
    clear();
  }

  private void clear() {
    System.arraycopy(SIGNATURE, 0, buffer, 0, SIGNATURE.length);
    Arrays.fill(buffer, SIGNATURE.length, HEADER, (byte) 0);
    size = HEADER;
    rows = 0;
  }

  /// From now on rows go to the server as they come, until [#end].
  void begin(CopyManager server, String statement) throws SQLException {
    stream = server.copyIn(statement);
  }

  /// Sends what has not been sent, and the end.
  void end(CopyManager server, String statement) throws SQLException {
    if (rows > 0 && stream == null) {
      begin(server, statement);
    }
    var to = stream;
    if (to != null) {
      u16(0xffff);
      to.writeToCopy(buffer, 0, size);
      to.endCopy();
      stream = null;
    }
    clear();
  }

  /// Begins a row.
  void row() throws SQLException {
    var to = stream;
    if (to != null && size >= PIECE) {
      to.writeToCopy(buffer, 0, size);
      size = 0;
    }
    rows++;
    u16(columns);
  }

  boolean isEmpty() {
    return rows == 0;
  }

  PostgresCopy number(int value) {
    u32(4);
    u32(value);
    return this;
  }

  PostgresCopy number(long value) {
    u32(8);
    u32((int) (value >>> 32));
    u32((int) value);
    return this;
  }

  /// A number, or null.
  PostgresCopy numberUnless(boolean isNull, long value) {
    return isNull ? nothing() : number(value);
  }

  /// A number in whose place 0 stands for null.
  PostgresCopy numberOrNull(long value) {
    return value == 0 ? nothing() : number(value);
  }

  PostgresCopy numberOrNull(@Nullable Long value) {
    return value == null ? nothing() : number(value.longValue());
  }

  PostgresCopy truth(boolean value) {
    u32(1);
    room(1);
    buffer[size++] = (byte) (value ? 1 : 0);
    return this;
  }

  PostgresCopy octets(byte @Nullable [] value) {
    if (value == null) {
      return nothing();
    }
    u32(value.length);
    room(value.length);
    System.arraycopy(value, 0, buffer, size, value.length);
    size += value.length;
    return this;
  }

  PostgresCopy text(@Nullable String value) {
    return octets(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
  }

  private PostgresCopy nothing() {
    u32(-1);
    return this;
  }

  private void u16(int value) {
    room(2);
    buffer[size++] = (byte) (value >>> 8);
    buffer[size++] = (byte) value;
  }

  private void u32(int value) {
    room(4);
    buffer[size++] = (byte) (value >>> 24);
    buffer[size++] = (byte) (value >>> 16);
    buffer[size++] = (byte) (value >>> 8);
    buffer[size++] = (byte) value;
  }

  private void room(int octets) {
    if (buffer.length - size < octets) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + octets));
    }
  }
}
