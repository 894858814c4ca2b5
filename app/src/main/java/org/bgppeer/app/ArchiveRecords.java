package org.bgppeer.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.bgppeer.journal.Position;
import org.bgppeer.store.Records;
import org.bgppeer.wire.InputFormat;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.MrtError;
import org.bgppeer.wire.MrtFraming;
import org.bgppeer.wire.MrtRecord;
import org.bgppeer.wire.PeerIndex;
import org.bgppeer.wire.RibRoute;
import org.jspecify.annotations.Nullable;

/// MRT archives as one stream of records, in the order of their first records' times, whatever
/// order they were named in: what the journal is to live sessions.
///
/// Records of neither a BGP session nor a table (OSPF) are counted and passed over, and so is what
/// is broken, which is said. Positions are `TIME/NAME:OFFSET`, so that they
/// sort as the files are read, and a file that was imported before is not imported again.
final class ArchiveRecords implements Records {
  /// One file to be read.
  ///
  /// @param firstSeconds of its first record, since 1970
  /// @param segment what it is called in positions
  record Archive(Path file, long firstSeconds, String segment) {}

  /// What was read.
  ///
  /// @param records of sessions and tables
  /// @param skipped of anything else
  /// @param again files that had been imported before
  /// @param broken records, a line each
  record Count(long records, long skipped, int again, List<String> broken) {}

  private final Deque<Archive> left;
  private final @Nullable Position from;
  private final Consumer<ArchiveRecords> whenAtEnd;
  private final List<String> broken = new ArrayList<>();
  private @Nullable Archive archive;
  private volatile @Nullable InputFile in;
  private @Nullable RecordReader reader;
  private RecordReader.@Nullable Run run;
  private int at;
  private byte[] buffer = {};
  private int offset;
  private volatile long readBefore;
  private @Nullable PeerIndex peers;
  private int length;
  private long index;
  private volatile long records;
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
      try (InputFile in = InputFile.open(file)) {
        if (in.format() != InputFormat.MRT) {
          throw new IOException("it is " + in.format().words() + ", and not an MRT archive");
        }
        long seconds = Integer.toUnsignedLong(ByteBuffer.wrap(in.readHeader(4)).getInt());
        archives.add(
            new Archive(file, seconds, String.format("%010d/%s", seconds, file.getFileName())));
      } catch (Failure e) {
        throw new IOException(e.getMessage(), e);
      } catch (IOException e) {
        throw new IOException(file + " cannot be imported: " + e.getMessage(), e);
      }
    }
    archives.sort(Comparator.comparing(Archive::segment));
    return archives;
  }

  @Override
  public boolean next(Duration wait) throws IOException {
    while (true) {
      if (in == null && !openNext()) {
        if (!atEnd) {
          atEnd = true;
          whenAtEnd.accept(this);
        }
        LockSupport.parkNanos(wait.toNanos()); // there is no more, and whoever asks shall not spin
        return false;
      }
      if (!readRecord()) {
        closeArchive();
        continue;
      }
      index++;
      if (from != null && after.compareTo(from) <= 0) {
        continue;
      }
      switch (kind()) {
        case ROUTES_OR_SESSION -> {
          records++;
          last = after;
          return true;
        }
        case REMARK -> {
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
    try {
      in = InputFile.open(next.file());
    } catch (Failure e) {
      throw new IOException(e.getMessage(), e);
    }
    String name = next.file().toString();
    reader =
        new RecordReader(
            in,
            new MrtFraming(),
            0,
            (number, where, what) -> broken.add(BrokenRecords.line(name, number, where, what)));
    run = null;
    peers = null;
    index = 0;
    return true;
  }

  private void closeArchive() throws IOException {
    if (in != null) {
      readBefore += in.position();
      in.close();
      in = null;
      reader = null;
    }
    if (archive != null
        && from != null
        && archive.segment().equals(from.segment())
        && after.equals(from)) {
      again++;
    }
  }

  /// Reads one record; false at the end of the file.
  private boolean readRecord() {
    RecordReader records = reader;
    Archive file = archive;
    if (records == null || file == null) {
      return false;
    }
    RecordReader.Run current = run;
    if (current == null || at >= current.to()) {
      if (current != null) {
        records.recycle(current);
      }
      current = records.next();
      run = current;
      if (current == null) {
        return false;
      }
      at = current.from();
    }
    buffer = current.array();
    offset = at;
    length = (int) MrtRecord.length(buffer, at);
    at += length;
    after = new Position(file.segment(), current.offsetOf(at));
    if (Mrt.isPeerIndex(buffer, offset)) {
      readPeers(current);
    }
    return true;
  }

  private enum Kind {
    ROUTES_OR_SESSION,
    /// Of our own journals, about the records behind it.
    REMARK,
    OTHER
  }

  private void readPeers(RecordReader.Run current) {
    int header = Mrt.HEADER_LENGTH;
    try {
      peers = PeerIndex.decode(buffer, offset + header, length - header);
    } catch (MrtError e) {
      peers = null;
      say(current.offsetOf(offset), e.getMessage());
    }
  }

  private void say(long where, @Nullable String what) {
    String name = archive == null ? "" : archive.file().toString();
    broken.add(BrokenRecords.line(name, index + 1, where, String.valueOf(what)));
  }

  private Kind kind() {
    try {
      if (RibRoute.isTable(buffer, offset)) {
        RibRoute.decode(buffer, offset, length, peers);
        return Kind.ROUTES_OR_SESSION;
      }
      MrtRecord record = MrtRecord.of(buffer, offset, offset + length);
      return record.isMessage() || record.isStateChange()
          ? Kind.ROUTES_OR_SESSION
          : record.isReason() || record.follows() != null ? Kind.REMARK : Kind.OTHER;
    } catch (MrtError e) {
      say(after.offset() - length, e.getMessage());
      return Kind.OTHER;
    }
  }

  @Override
  public @Nullable PeerIndex peers() {
    return peers;
  }

  @Override
  public byte[] buffer() {
    return buffer;
  }

  @Override
  public int offset() {
    return offset;
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
    return new Count(records, skipped, again, List.copyOf(broken));
  }

  /// How many records of sessions and tables were read. For any thread.
  long read() {
    return records;
  }

  /// How many octets of the files were read, as they are on the disk. For any thread.
  long octetsRead() {
    InputFile current = in;
    return readBefore + (current == null ? 0 : current.position());
  }

  @Override
  public void close() throws IOException {
    closeArchive();
  }
}
