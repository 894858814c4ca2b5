package org.bgppeer.app;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.commons.compress.compressors.CompressorInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.bgppeer.wire.InputFormat;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZInputStream;

/// A file or stdin that is read once from its beginning: decompressed, whatever its name is, and
/// with what it holds told by its first octets.
final class InputFile implements Closeable {
  /// Files are compressed once; twice happens; more is a trap.
  private static final int MAX_LAYERS = 3;

  /// What xz may take, in KiB: enough for all that `xz -9` writes.
  private static final int XZ_MEMORY = 80 * 1024;

  private static final int BUFFER = 1 << 16;
  private static final String TOO_EARLY = "the compressed data end too early";

  private final String name;
  private final InputStream raw;
  private final InputStream buffered;
  private final Peeked in;
  private final InputFormat format;

  private InputFile(
      String name, InputStream raw, InputStream buffered, Peeked in, InputFormat format) {
    this.name = name;
    this.raw = raw;
    this.buffered = buffered;
    this.in = in;
    this.format = format;
  }

  /// Opens a file.
  ///
  /// @throws Failure if it cannot be read; the message names it
  static InputFile open(Path file) throws Failure {
    if (Files.isDirectory(file)) {
      throw new Failure(Failure.WRONG_USAGE, file + " is a directory; name a file");
    }
    FileInputStream in;
    try {
      in = new FileInputStream(file.toFile());
    } catch (IOException e) {
      throw new Failure("cannot read " + file + ": " + reason(file, e), e);
    }
    return opened(file.toString(), in);
  }

  /// Opens stdin.
  static InputFile stdin() throws Failure {
    return opened("stdin", new FileInputStream(FileDescriptor.in));
  }

  private static InputFile opened(String name, InputStream raw) throws Failure {
    try {
      return of(name, raw);
    } catch (IOException e) {
      String why = e instanceof EOFException ? TOO_EARLY : e.getMessage();
      throw new Failure(name + ": record 1 at offset 0: it cannot be read: " + why, e);
    }
  }

  private static String reason(Path file, IOException e) {
    if (e instanceof NoSuchFileException || !Files.exists(file)) {
      return "there is no such file";
    }
    if (e instanceof AccessDeniedException || !Files.isReadable(file)) {
      return "permission denied for " + System.getProperty("user.name");
    }
    return String.valueOf(e.getMessage());
  }

  private static InputFile of(String name, InputStream raw) throws IOException {
    // Some decompressors take octet for octet, and each would be a call into the kernel.
    var buffered = new BufferedInputStream(raw, BUFFER);
    InputStream in = buffered;
    for (int layer = 0; ; layer++) {
      var peek = new Peeked(in);
      InputFormat format = peek.look();
      if (layer == MAX_LAYERS) {
        return new InputFile(name, raw, buffered, peek, format);
      }
      in =
          switch (format) {
            case GZIP ->
                GzipCompressorInputStream.builder()
                    .setInputStream(peek)
                    .setBufferSize(BUFFER)
                    .setDecompressConcatenated(true)
                    .get();
            case BZIP2 -> new BZip2CompressorInputStream(peek, true);
            case ZSTD -> new ZstdInputStreamNoFinalizer(peek);
            case XZ -> new XZInputStream(peek, XZ_MEMORY);
            case TEXT, EMPTY, MRT, PCAP, PCAPNG, MESSAGES, BINARY -> peek;
          };
      if (in == peek) {
        return new InputFile(name, raw, buffered, peek, format);
      }
    }
  }

  /// A stream whose first octets are looked at before it is read.
  private static final class Peeked extends InputStream {
    private final InputStream rest;
    private final byte[] head = new byte[InputFormat.HEAD];
    private int headLength;
    private int at;
    private @Nullable IOException broken;

    private Peeked(InputStream rest) {
      this.rest = rest;
    }

    /// What the first octets are. What is told by fewer does not wait for more.
    private InputFormat look() throws IOException {
      InputFormat format = InputFormat.EMPTY;
      try {
        while (headLength < 16 && format != InputFormat.TEXT) {
          int read = readRest(head, headLength, head.length - headLength);
          if (read < 0) {
            break;
          }
          headLength += read;
          // A person at a terminal gets an answer to a short line.
          format = InputFormat.of(Arrays.copyOf(head, headLength));
        }
      } catch (IOException e) {
        if (headLength == 0) {
          throw e;
        }
        broken = e;
      }
      return InputFormat.of(Arrays.copyOf(head, headLength));
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] array, int offset, int length) throws IOException {
      if (at < headLength) {
        int count = Math.min(length, headLength - at);
        System.arraycopy(head, at, array, offset, count);
        at += count;
        return count;
      }
      return readRest(array, offset, length);
    }

    /// Reads what is there. A decompressor that fails has often written octets before: they count.
    private int readRest(byte[] array, int offset, int length) throws IOException {
      if (broken != null) {
        throw broken;
      }
      long before = decompressed();
      try {
        return rest.read(array, offset, length);
      } catch (IOException e) {
        int written = (int) (decompressed() - before);
        if (written <= 0) {
          throw e;
        }
        broken = e;
        return written;
      }
    }

    private long decompressed() {
      return rest instanceof CompressorInputStream in ? in.getBytesRead() : 0;
    }

    private boolean isCompressed() {
      return !(rest instanceof BufferedInputStream);
    }

    @Override
    public void close() throws IOException {
      rest.close();
    }
  }

  /// What it is called in messages.
  String name() {
    return name;
  }

  /// What it holds, decompressed.
  InputFormat format() {
    return format;
  }

  /// Reads what is there, waiting for one octet at least; -1 at the end.
  ///
  /// @throws IOException if it cannot be read on; its message is for people
  int read(byte[] array, int offset, int length) throws IOException {
    try {
      return in.read(array, offset, length);
    } catch (EOFException e) {
      throw new IOException(TOO_EARLY, e);
    } catch (MemoryLimitException e) {
      throw new IOException("xz needs " + e.getMemoryNeeded() / 1024 + " MB for it", e);
    } catch (IOException e) {
      throw in.isCompressed()
          ? new IOException("it cannot be decompressed: " + e.getMessage(), e)
          : e;
    }
  }

  /// The first octets, fewer if there are no more; reading goes on behind them.
  byte[] readHeader(int octets) {
    try {
      return in.readNBytes(octets);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  /// How many octets were read of it, as it is on the disk; 0 if that cannot be told.
  long position() {
    try {
      return raw instanceof FileInputStream file ? file.getChannel().position() : 0;
    } catch (IOException e) {
      return 0; // a pipe, or closed by now
    }
  }

  /// All of it as a stream, for text.
  InputStream stream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] array, int offset, int length) throws IOException {
        return InputFile.this.read(array, offset, length);
      }

      @Override
      public int available() throws IOException {
        return in.available();
      }
    };
  }

  /// Whether reading would have to wait: then what is ready should be written.
  boolean isIdle() {
    try {
      return buffered.available() == 0;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
