package org.bgppeer.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/// Where a command writes: data to `out`, everything that is said about it to `err`. Both are UTF-8
/// whatever the locale is, because data goes to files and other programs.
///
/// @param out data
/// @param err progress, hints, errors
/// @param terminal whether `out` is a terminal
/// @param width of that terminal in columns; 0 if it is none: then nothing is cut
/// @param colour whether `out` takes colours
public record Console(Writer out, PrintWriter err, boolean terminal, int width, boolean colour) {
  /// Set by the launcher, which alone can see it for each stream: the width of the terminal that
  /// `out` is.
  private static final String WIDTH = "bgp-peer.terminal";

  /// The process's own streams.
  static Console ofProcess() {
    int width = Integer.getInteger(WIDTH, 0);
    boolean plain = System.getenv("NO_COLOR") != null || "dumb".equals(System.getenv("TERM"));
    return new Console(
        writer(FileDescriptor.out),
        new PrintWriter(writer(FileDescriptor.err), true),
        width > 0,
        width,
        width > 0 && !plain);
  }

  /// Two writers that are no terminal.
  static Console of(Writer out, Writer err) {
    return new Console(out, new PrintWriter(err, true), false, 0, false);
  }

  private static Writer writer(FileDescriptor stream) {
    return new StreamWriter(new FileOutputStream(stream));
  }

  /// `out` for who writes octets, which are UTF-8; not buffered.
  OutputStream octets() {
    return out instanceof StreamWriter writer ? writer.stream : new IntoWriter(out);
  }

  private static final class StreamWriter extends OutputStreamWriter {
    private final OutputStream stream;

    private StreamWriter(OutputStream stream) {
      super(stream, StandardCharsets.UTF_8);
      this.stream = stream;
    }
  }

  /// Whole characters in each write.
  private static final class IntoWriter extends OutputStream {
    private final Writer writer;

    private IntoWriter(Writer writer) {
      this.writer = writer;
    }

    @Override
    public void write(int octet) throws IOException {
      writer.write(octet);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
      writer.write(new String(octets, offset, length, StandardCharsets.UTF_8));
    }
  }

  /// Writes one line of data.
  void line(String text) {
    try {
      out.write(text);
      out.write('\n');
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Says something to the person before it; data stays clean.
  void hint(String text) {
    err.println(text);
  }
}
