package org.bgppeer.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.bgppeer.wire.ContextGuess;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.HexInput;
import org.bgppeer.wire.HexInput.HexMessage;
import org.bgppeer.wire.HexInput.NotHex;
import org.bgppeer.wire.InputFormat;
import org.bgppeer.wire.Lines;
import org.bgppeer.wire.Octets;
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
      "%nReads MRT archives, captures of packets (pcap, pcapng; TCP is put together) and BGP"
          + " messages in octets or hex, plain or compressed (gzip, bzip2, zstd, xz), and prints a"
          + " record a line as soon as it is read. A record that is broken is named on stderr with"
          + " its number and offset, decoding goes on at the next one, and the exit status is 1.",
      "%nHex: a message ends with its line; several may stand behind each other in one. White space"
          + " and # comments are free.%n"
    },
    footer = {
      "",
      "  ./bgp-peer decode --format bgpdump rib.20260101.0000.bz2",
      "  tcpdump -w - port 179 | ./bgp-peer decode -",
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
    python,
    /// The lines of `bgpdump -m`.
    bgpdump,
    /// The JSON of ExaBGP's API.
    exabgp
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
      description = "A file, hex itself, or - for stdin (the default).")
  private String source;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "How to write it: ${COMPLETION-CANDIDATES} (docs/decode.md shows each). Default:"
              + " ${DEFAULT-VALUE}.")
  private Format format = Format.json;

  @Option(
      names = "--exabgp-version",
      paramLabel = "4|6",
      description = "Of the JSON of --format exabgp. Default: ${DEFAULT-VALUE}.")
  private int exabgpVersion = 6;

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
    if (exabgpVersion != 4 && exabgpVersion != 6) {
      throw new Failure(Failure.WRONG_USAGE, "--exabgp-version is 4 or 6");
    }
    Path path = path();
    if (path == null && !source.equals("-")) {
      refuseUnlessHex();
      read(new BufferedReader(new StringReader(source)), "HEX");
    } else {
      try (var file = path == null ? InputFile.stdin() : InputFile.open(path)) {
        read(file);
      }
    }
    return broken ? Failure.FAILED : Failure.DONE;
  }

  /// The file that is named; null if none is.
  private @Nullable Path path() {
    if (source.equals("-")) {
      return null;
    }
    try {
      Path path = Path.of(source);
      return Files.exists(path) ? path : null;
    } catch (InvalidPathException e) {
      return null;
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

  private void read(InputFile file) throws Failure, IOException {
    OutputStream out = program.console().octets();
    Consumer<String> err = program.console()::hint;
    var text = new DecodedText(format, exabgpVersion);
    switch (file.format()) {
      case TEXT ->
          read(
              new BufferedReader(new InputStreamReader(file.stream(), StandardCharsets.UTF_8)),
              file.name());
      case MRT -> {
        var decoding =
            new MrtDecoding(file, () -> new DecodedText(format, exabgpVersion), out, err);
        broken = !decoding.run();
      }
      case PCAP, PCAPNG -> {
        boolean pcapng = file.format() == InputFormat.PCAPNG;
        broken = !new CaptureDecoding(file, pcapng, text, this::context, out, err).run();
      }
      case MESSAGES -> broken = !MessagesDecoding.run(file, text, this::context, out, err);
      case EMPTY -> throw new Failure(file.name() + ": record 1 at offset 0: the file is empty");
      case GZIP, BZIP2, ZSTD, XZ ->
          throw new Failure(file.name() + " is compressed more often than three times");
      case BINARY ->
          throw new Failure(
              file.name()
                  + ": record 1 at offset 0: this is no MRT record, capture of packets, BGP message"
                  + " or hex");
    }
  }

  /// What the command line says of all messages goes before what is known of one.
  private ContextGuess context(Octets message, ContextGuess guess) {
    if (asSize != null) {
      return ContextGuess.given(message, asSize.as4, addPath);
    }
    return addPath.isEmpty() ? guess : ContextGuess.of(message, addPath);
  }

  private void read(BufferedReader in, String name) throws IOException {
    OutputStream out = program.console().octets();
    var text = new DecodedText(format, exabgpVersion);
    var lines = new Lines(1 << 16);
    int number = 0;
    for (String line = line(in, name, 1); line != null; line = line(in, name, number + 1)) {
      number++;
      try {
        for (HexMessage message : HexInput.parse(number, line)) {
          write(message, name, text, lines);
        }
      } catch (NotHex e) {
        report(name, e.line(), e.column(), String.valueOf(e.getMessage()));
      }
      // Who writes to us line by line reads what they say line by line.
      if (!in.ready() || lines.length() > 1 << 20) {
        out.write(lines.array(), 0, lines.length());
        lines.clear();
      }
    }
    out.write(lines.array(), 0, lines.length());
    if (messages == 0 && !broken) {
      program.console().hint(name + ": no message in it");
    }
  }

  /// The next line; null behind the last one that can be read.
  private @Nullable String line(BufferedReader in, String name, int number) {
    try {
      return in.readLine();
    } catch (IOException e) {
      report(name, number, 1, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private void write(HexMessage hex, String name, DecodedText text, Lines out) {
    String problem = hex.problem();
    if (problem != null) {
      report(name, hex.line(), hex.column(), problem);
      if (!hex.hasHeader() || format != Format.json) {
        return;
      }
    }
    messages++;
    var place = new LinkedHashMap<String, @Nullable Object>();
    place.put("line", hex.line());
    place.put("column", hex.column());
    Octets octets = hex.octets();
    var message = new HeardMessage(place, null, null, null, 0, 0, false, octets, problem);
    text.write(message, context(octets, ContextGuess.of(octets, addPath)), out);
  }

  private void report(String name, int line, int column, String what) {
    broken = true;
    program.console().hint(name + ":" + line + ":" + column + ": " + what);
  }
}
