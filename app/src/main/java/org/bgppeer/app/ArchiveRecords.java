package org.bgppeer.app;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.bgppeer.journal.Position;
import org.bgppeer.store.Records;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.MrtError;
import org.bgppeer.wire.MrtRecord;
import org.jspecify.annotations.Nullable;

/// MRT update archives as one stream of records, in the order of their first records' times,
/// whatever order they were named in: what the journal is to live sessions.
///
/// Records that are not of a BGP session (tables, OSPF) are counted and passed over; a file that
/// ends within a record ends there, which is said. Positions are `TIME/NAME:OFFSET`, so that they
/// sort as the files are read, and a file that was imported before is not imported again.
final class ArchiveRecords implements Records {
  /// One file to be read.
  ///
  /// @param firstSeconds of its first record, since 1970
  /// @param segment what it is called in positions
  record Archive(Path file, long firstSeconds, String segment) {}

  /// What was read.
  ///
  /// @param records of sessions
  /// @param skipped of anything else
  /// @param again files that had been imported before
  /// @param torn files that end within a record, or hold what is no record; a line each
  record Count(long records, long skipped, int again, List<String> torn) {}

  private static final int MAX_RECORD = 1 << 24;

  private final Deque<Archive> left;
  private final @Nullable Position from;
  private final Consumer<ArchiveRecords> whenAtEnd;
  private final List<String> torn = new ArrayList<>();
  private @Nullable Archive archive;
  private @Nullable InputStream in;
  private byte[] buffer = new byte[1 << 16];
  private int length;
  private long end;
  private long index;
  private long records;
  private long skipped;
  private int again;
  private Position after;
  private @Nullable Position last;
  private boolean atEnd;

  /// @param from behind which to begin; null for the beginning
  /// @param whenAtEnd told once, when all is read
  ArchiveRecords(
      List<Archive> archives, @Nullable Position from, Consumer<ArchiveRecords> whenAtEnd) {
    this.left = new ArrayDeque<>(archives);
    this.from = from;
    this.last = from;
    this.whenAtEnd = whenAtEnd;
    this.after = from == null ? Position.BEGINNING : from;
  }

  /// Looks into the files and puts them in order.
  ///
  /// @throws IOException if one cannot be read or does not begin with an MRT record; the message
  ///     names it
  static List<Archive> inOrder(List<Path> files) throws IOException {
    var archives = new ArrayList<Archive>();
    for (Path file : files) {
      try (InputStream in = open(file)) {
        byte[] header = in.readNBytes(Mrt.HEADER_LENGTH);
        long octets = header.length < Mrt.HEADER_LENGTH ? -1 : MrtRecord.length(header, 0);
        if (octets < Mrt.HEADER_LENGTH || octets > MAX_RECORD) {
          throw new IOException("no MRT record stands at its beginning");
        }
        long seconds = Integer.toUnsignedLong(ByteBuffer.wrap(header).getInt());
        archives.add(
            new Archive(file, seconds, String.format("%010d/%s", seconds, file.getFileName())));
      } catch (IOException e) {
        throw new IOException(file + " cannot be imported: " + reason(e), e);
      }
    }
    archives.sort(Comparator.comparing(Archive::segment));
    return archives;
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException
        ? "there is no such file"
        : String.valueOf(e.getMessage());
  }

  /// Opens a plain or gzipped file.
  private static InputStream open(Path file) throws IOException {
    var in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    in.mark(2);
    boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
    in.reset();
    return gzip ? new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16) : in;
  }

  @Override
  public boolean next(Duration wait) throws IOException {
    while (true) {
      if (in == null && !openNext()) {
        if (!atEnd) {
          atEnd = true;
          whenAtEnd.accept(this);
        }
        return false;
      }
      if (!read()) {
        closeArchive();
        continue;
      }
      index++;
      if (from != null && after.compareTo(from) <= 0) {
        continue;
      }
      switch (kind()) {
        case SESSION -> {
          records++;
          last = after;
          return true;
        }
        case REASON -> {
          return true; // not the last: the database goes on from before it
        }
        case OTHER -> skipped++;
      }
    }
  }

  private boolean openNext() throws IOException {
    Archive next = left.poll();
    while (next != null && from != null && next.segment().compareTo(from.segment()) < 0) {
      again++;
      next = left.poll();
    }
    if (next == null) {
      return false;
    }
    archive = next;
    in = open(next.file());
    end = 0;
    index = 0;
    return true;
  }

  private void closeArchive() throws IOException {
    if (in != null) {
      in.close();
      in = null;
    }
    if (archive != null
        && from != null
        && archive.segment().equals(from.segment())
        && after.equals(from)) {
      again++;
    }
  }

  /// Reads one record; false at the end of the file, which may be in the middle of one.
  private boolean read() throws IOException {
    InputStream stream = in;
    Archive file = archive;
    if (stream == null || file == null) {
      return false;
    }
    try {
      int header = stream.readNBytes(buffer, 0, Mrt.HEADER_LENGTH);
      if (header == 0) {
        return false;
      }
      long octets = header < Mrt.HEADER_LENGTH ? 0 : MrtRecord.length(buffer, 0);
      if (octets < Mrt.HEADER_LENGTH || octets > MAX_RECORD) {
        torn.add(file.file() + " has no MRT record at offset " + end + "; the rest is left out");
        return false;
      }
      length = (int) octets;
      if (length > buffer.length) {
        buffer = java.util.Arrays.copyOf(buffer, Integer.highestOneBit(length) * 2);
      }
      int body = length - Mrt.HEADER_LENGTH;
      if (stream.readNBytes(buffer, Mrt.HEADER_LENGTH, body) < body) {
        throw new EOFException();
      }
    } catch (EOFException | java.util.zip.ZipException e) {
      torn.add(file.file() + " ends within the record at offset " + end);
      return false;
    }
    end += length;
    after = new Position(file.segment(), end);
    return true;
  }

  private enum Kind {
    SESSION,
    REASON,
    OTHER
  }

  private Kind kind() {
    try {
      MrtRecord record = MrtRecord.of(buffer, 0, length);
      return record.isMessage() || record.isStateChange()
          ? Kind.SESSION
          : record.isReason() ? Kind.REASON : Kind.OTHER;
    } catch (MrtError e) {
      return Kind.OTHER;
    }
  }

  @Override
  public byte[] buffer() {
    return buffer;
  }

  @Override
  public int offset() {
    return 0;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public Position after() {
    return after;
  }

  /// Negative, for no journal has it: the second in which its file begins, and its number in there.
  @Override
  public long packet() {
    return archive == null ? -1 : -(archive.firstSeconds() << 30 | index);
  }

  /// Behind the last record of a session, which is what the database will say that it has; null if
  /// there was none, now or before.
  @Nullable Position last() {
    return last;
  }

  /// What was read so far.
  Count count() {
    return new Count(records, skipped, again, List.copyOf(torn));
  }

  @Override
  public void close() throws IOException {
    closeArchive();
  }
}
