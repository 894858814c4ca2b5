package org.bgppeer.journal;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// gzip that can be entered in the middle: one gzip member (RFC 1952 §2.2) per 256 KiB, and each
/// member's header says how long it is, so that a reader hops to the one it needs.
///
/// ```
/// 1f 8b 08 04  mtime=0 (4)  xfl=0  os=255  xlen=12 (2)   octets, little-endian numbers
/// 'B' 'P' 08 00  octets of this member (4)  octets of its contents (4)
/// deflate data
/// CRC-32 (4)  octets of its contents (4)
/// ```
///
/// Every gunzip reads that as one file. A member whose check sum is wrong is left out whole, for
/// what of it is right cannot be told; the members behind it are read. Files that another program
/// compressed are read too, from the front.
final class GzipBlocks {
  private static final int BLOCK = 1 << 18;
  private static final int HEADER = 24;
  private static final int TRAILER = 8;
  private static final int MAX_BLOCK = 1 << 24;

  private GzipBlocks() {}

  /// Compresses all of `in`.
  ///
  /// @return octets read
  static long compress(InputStream in, OutputStream out) throws IOException {
    byte[] block = new byte[BLOCK];
    byte[] deflated = new byte[BLOCK + BLOCK / 8 + 64]; // more than deflate ever needs
    long total = 0;
    try (var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true)) {
      int length;
      while ((length = in.readNBytes(block, 0, BLOCK)) > 0) {
        deflater.reset();
        deflater.setInput(block, 0, length);
        deflater.finish();
        int size = deflater.deflate(deflated);
        if (!deflater.finished()) {
          throw new IOException("a block of " + length + " octets deflates to more than " + size);
        }
        var crc = new CRC32();
        crc.update(block, 0, length);
        var frame = ByteBuffer.allocate(HEADER + TRAILER).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(0x04088b1f).putInt(0).put((byte) 0).put((byte) 255).putShort((short) 12);
        frame.put((byte) 'B').put((byte) 'P').putShort((short) 8);
        frame.putInt(HEADER + size + TRAILER).putInt(length);
        frame.putInt((int) crc.getValue()).putInt(length);
        out.write(frame.array(), 0, HEADER);
        out.write(deflated, 0, size);
        out.write(frame.array(), HEADER, TRAILER);
        total += length;
      }
    }
    return total;
  }

  /// The contents of a compressed file from an offset into them on.
  static RecordInput.Source open(Path file, long offset) throws IOException {
    var in = new RandomAccessFile(file.toFile(), "r");
    try {
      var blocks = new Blocks(in);
      if (blocks.seek(offset)) {
        return blocks;
      }
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
    in.close();
    return new Stream(file, offset);
  }

  private static final class Blocks implements RecordInput.Source {
    private final RandomAccessFile in;
    private final Inflater inflater = new Inflater(true);
    private final byte[] header = new byte[HEADER];
    private byte[] member = new byte[0];
    private byte[] block = new byte[BLOCK];
    private int from;
    private int to;
    private int lastContents;
    private long memberAt; // of the last one that was begun
    private RecordInput.@Nullable NoRecord damage; // of that one

    Blocks(RandomAccessFile in) {
      this.in = in;
    }

    /// False if these are not blocks of ours.
    boolean seek(long offset) throws IOException {
      long at = 0;
      long skipped = 0;
      while (true) {
        in.seek(at);
        if (at == in.length()) {
          return true; // read will say that there is nothing
        }
        if (!readHeader() && at == 0 && search(1) == in.length()) {
          return false;
        }
        if (offset == 0) {
          in.seek(at);
          return true;
        }
        long next = behind(at);
        int length = contents(next);
        if (skipped + length > offset) {
          in.seek(at);
          fill();
          from = (int) (offset - skipped);
          return true;
        }
        skipped += length;
        at = next;
      }
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (from == to && !fill()) {
        return -1;
      }
      int count = Math.min(length, to - from);
      System.arraycopy(block, from, into, offset, count);
      from += count;
      return count;
    }

    private boolean fill() throws IOException {
      if (damage != null) {
        throw damage;
      }
      memberAt = in.getFilePointer();
      if (memberAt == in.length()) {
        return false;
      }
      try {
        inflate(memberAt);
        return true;
      } catch (RecordInput.NoRecord e) {
        damage = e;
        throw e;
      }
    }

    @Override
    public long skipDamage() throws IOException {
      if (damage == null) {
        return 0;
      }
      long next = behind(memberAt);
      in.seek(next);
      damage = null;
      from = to;
      return contents(next);
    }

    /// Where the member behind one begins, or the file ends; that one's header may be damaged.
    private long behind(long at) throws IOException {
      in.seek(at);
      if (readHeader()) {
        long next = at + size();
        int contents = contents();
        if (next <= in.length() && endsWithLength(next, contents)) {
          lastContents = contents;
          return next;
        }
      }
      lastContents = BLOCK;
      return search(at + 1);
    }

    /// The octets of the contents of the member that [#behind] was asked about: as many as in each
    /// but the last.
    private int contents(long next) throws IOException {
      return next == in.length() ? Math.min(lastContents, BLOCK) : BLOCK;
    }

    /// Whether a member whose trailer says so ends there: then its header is right.
    private boolean endsWithLength(long end, int contents) throws IOException {
      in.seek(end - Integer.BYTES);
      return Integer.reverseBytes(in.readInt()) == contents;
    }

    private boolean isMember(long at) throws IOException {
      in.seek(at);
      return readHeader();
    }

    /// Where the next member begins, or else the file ends.
    private long search(long start) throws IOException {
      byte[] octets = new byte[1 << 16];
      for (long at = start; at < in.length(); at += octets.length - 1) {
        in.seek(at);
        int length = Math.max(0, in.read(octets, 0, octets.length));
        for (int i = 0; i + 1 < length; i++) {
          if (octets[i] == 0x1f && octets[i + 1] == (byte) 0x8b && isMember(at + i)) {
            return at + i;
          }
        }
      }
      return in.length();
    }

    private void inflate(long at) throws IOException {
      if (!readHeader()) {
        throw noMember(at);
      }
      int size = size() - HEADER;
      int contents = contents();
      if (member.length < size) {
        member = new byte[size];
      }
      if (block.length < contents) {
        block = new byte[contents];
      }
      if (in.length() - in.getFilePointer() < size) {
        throw new RecordInput.NoRecord("the compressed file ends too early");
      }
      in.readFully(member, 0, size);
      inflater.reset();
      inflater.setInput(member, 0, size - TRAILER);
      int inflated = 0;
      try {
        while (inflated < contents && !inflater.finished()) {
          int n = inflater.inflate(block, inflated, contents - inflated);
          if (n == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
            break;
          }
          inflated += n;
        }
      } catch (DataFormatException e) {
        throw damaged(e);
      }
      var crc = new CRC32();
      crc.update(block, 0, inflated);
      if (inflated != contents || (int) crc.getValue() != number(member, size - TRAILER)) {
        throw new RecordInput.NoRecord("the compressed data is damaged: its check sum is wrong");
      }
      from = 0;
      to = contents;
    }

    private RecordInput.NoRecord noMember(long at) throws IOException {
      return new RecordInput.NoRecord(
          in.length() - at < HEADER
              ? "the compressed file ends too early"
              : "no gzip member that we wrote is at octet " + at + " of the compressed file");
    }

    private boolean readHeader() throws IOException {
      try {
        in.readFully(header);
      } catch (EOFException e) {
        return false;
      }
      return number(header, 0) == 0x04088b1f
          && number(header, 10) == ('P' << 24 | 'B' << 16 | 12)
          && size() >= HEADER + TRAILER
          && size() <= MAX_BLOCK
          && contents() > 0
          && contents() <= MAX_BLOCK;
    }

    private int size() {
      return number(header, 16);
    }

    private int contents() {
      return number(header, 20);
    }

    private static int number(byte[] octets, int offset) {
      return ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN).getInt(offset);
    }

    @Override
    public void close() throws IOException {
      inflater.end();
      in.close();
    }
  }

  private static RecordInput.NoRecord damaged(Exception e) {
    var damaged = new RecordInput.NoRecord("the compressed data is damaged");
    damaged.initCause(e);
    return damaged;
  }

  private static final class Stream implements RecordInput.Source {
    private final InputStream file;
    private final long skip;
    private @Nullable InputStream in;

    Stream(Path path, long skip) throws IOException {
      file = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
      this.skip = skip;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      try {
        if (in == null) {
          in = new GZIPInputStream(file, BLOCK);
          for (long left = skip, n = 1; left > 0 && n > 0; left -= n) {
            n = in.skip(left); // 0 at the end: then there is nothing to read
          }
        }
        return in.read(into, offset, length);
      } catch (ZipException e) {
        throw damaged(e);
      } catch (EOFException e) {
        throw new RecordInput.NoRecord("the compressed file ends too early");
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
