package org.bgppeer.app;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.bgppeer.wire.ContextGuess;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.HexInput;
import org.bgppeer.wire.HexInput.HexMessage;
import org.bgppeer.wire.HexInput.NotHex;
import org.bgppeer.wire.InputFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `decode`: what the octets of BGP messages say. Needs no collector and no database.
@Command(
    name = "decode",
    header = "What the octets of BGP messages say.",
    description = {
      "%nReads BGP messages in hex and prints a record a line. A message ends with its line;"
          + " several may stand behind each other in one. White space and # comments are free. A"
          + " line that is broken is named on stderr, the others are decoded, and the exit status"
          + " is 1.%n"
    },
    footer = {
      "",
      "  ./bgp-peer decode updates.hex",
      "  ./bgp-peer decode --format seed ffffffffffffffffffffffffffffffff001304",
      "  ./bgp-peer packets --format json | jq -r .message | ./bgp-peer decode --as4"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DecodeCommand implements Callable<Integer> {
  /// What a message can be written as.
  enum Format {
    /// The whole decode tree, findings and offsets included.
    json,
    /// What the first bgp.py printed, as JSON.
    seed,
    /// The same as a Python literal.
    python
  }

  /// The size of AS numbers, if it is known.
  static final class AsSize {
    @Option(
        names = "--as2",
        required = true,
        description = "AS numbers have 2 octets. Default: 4, unless only 2 fit the message.")
    boolean as2;

    @Option(names = "--as4", required = true, description = "AS numbers have 4 octets.")
    boolean as4;
  }

  @ParentCommand private Main program;

  @Parameters(
      arity = "0..1",
      defaultValue = "-",
      paramLabel = "FILE|HEX|-",
      description = "A file with hex, the hex itself, or - for stdin (the default).")
  private String source;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "How to write it: ${COMPLETION-CANDIDATES} (docs/decode.md shows each). Default:"
              + " ${DEFAULT-VALUE}.")
  private Format format = Format.json;

  @ArgGroup private @Nullable AsSize asSize;

  @Option(
      names = "--add-path",
      paramLabel = "FAMILY",
      split = ",",
      description =
          "Routes of this family have path identifiers, for instance ipv4-unicast; may be repeated."
              + " No octet of a message tells it.")
  private Set<Family> addPath = new LinkedHashSet<>();

  private boolean broken;
  private int messages;

  @Override
  public Integer call() throws Failure, IOException {
    var out = new BufferedWriter(program.console().out(), 1 << 16);
    try {
      if (source.equals("-")) {
        read(System.in, "stdin", out);
      } else if (Files.exists(Path.of(source))) {
        try (InputStream in = open(Path.of(source))) {
          read(in, source, out);
        }
      } else {
        refuseUnlessHex();
        read(new BufferedReader(new StringReader(source)), "HEX", out);
      }
    } finally {
      out.flush();
    }
    return broken ? Failure.FAILED : Failure.DONE;
  }

  private static InputStream open(Path file) throws Failure {
    if (Files.isDirectory(file)) {
      throw new Failure(Failure.WRONG_USAGE, file + " is a directory; name a file with hex in it");
    }
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw new Failure("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /// Someone who mistypes the name of a file should read about the file, not about a hex digit.
  private void refuseUnlessHex() throws Failure {
    int number = 0;
    for (String line : source.lines().toList()) {
      try {
        HexInput.parse(++number, line);
      } catch (NotHex e) {
        boolean onlyHalf = line.replaceAll("#.*|\\s", "").matches("\\p{XDigit}*");
        if (!onlyHalf) {
          throw new Failure(
              Failure.WRONG_USAGE,
              "'%s' is neither a file that is there nor hex: in column %d %s"
                  .formatted(source, e.column(), e.getMessage()));
        }
      }
    }
  }

  private void read(InputStream octets, String name, BufferedWriter out)
      throws Failure, IOException {
    var in = new BufferedInputStream(octets);
    in.mark(InputFormat.HEAD);
    byte[] head = new byte[InputFormat.HEAD];
    int length = Math.max(0, in.read(head)); // one read: a person at a terminal gets an answer
    in.reset();
    InputFormat found = InputFormat.of(Arrays.copyOf(head, length));
    if (found != InputFormat.TEXT && found != InputFormat.EMPTY) {
      throw new Failure(
          "%s is %s. What decode reads is hex, a BGP message a line%s"
              .formatted(name, found.words(), remedy(found, name)));
    }
    read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)), name, out);
  }

  private static String remedy(InputFormat found, String file) {
    return switch (found) {
      case MRT -> "; MRT archives go into the database with ./bgp-peer import " + file;
      case PCAP, PCAPNG ->
          ": tshark -r " + file + " -Y bgp -T fields -e tcp.payload | ./bgp-peer decode -";
      case GZIP -> ": if that is inside, zcat " + file + " | ./bgp-peer decode -";
      case BZIP2 -> ": if that is inside, bzcat " + file + " | ./bgp-peer decode -";
      case ZSTD -> ": if that is inside, zstdcat " + file + " | ./bgp-peer decode -";
      case MESSAGES -> ": od -An -v -tx1 " + file + " | tr -d '\\n' | ./bgp-peer decode -";
      case BINARY, TEXT, EMPTY -> "";
    };
  }

  private void read(BufferedReader in, String name, BufferedWriter out) throws IOException {
    int number = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      number++;
      try {
        for (HexMessage message : HexInput.parse(number, line)) {
          write(message, name, out);
        }
      } catch (NotHex e) {
        report(name, e.line(), e.column(), String.valueOf(e.getMessage()));
      }
      if (!in.ready()) {
        out.flush(); // who writes to us line by line reads what they say line by line
      }
    }
    if (messages == 0 && !broken) {
      program.console().hint(name + ": no message in it");
    }
  }

  private void write(HexMessage message, String name, BufferedWriter out) throws IOException {
    String problem = message.problem();
    if (problem != null) {
      report(name, message.line(), message.column(), problem);
      if (!message.hasHeader() || format != Format.json) {
        return;
      }
    }
    messages++;
    ContextGuess guess =
        asSize == null
            ? ContextGuess.of(message.octets(), addPath)
            : ContextGuess.given(message.octets(), asSize.as4, addPath);
    DecodedRecord.write(format, message, guess, out);
  }

  private void report(String name, int line, int column, String what) {
    broken = true;
    program.console().hint(name + ":" + line + ":" + column + ": " + what);
  }
}
