package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `decode --format bgpdump` beside `bgpdump -m`, octet for octet, over every MRT file in reach.
///
/// No file has a line that differs. In three of them we find broken records, print what bgpdump
/// prints of them, and say so: messages with path identifiers in records that deny it, a prefix
/// behind the end of its message, a bzip2 file that was cut.
class BgpdumpEqualTest {
  private static final List<String> BROKEN =
      List.of(
          "mrtparse-bird_bgp",
          "ripe-updates.nlri_mask_trailing_bits.gz",
          "rv2-rib-20140523-first9k.bz2");

  static Stream<Path> files() throws IOException {
    Path data = Path.of("../../shared/data");
    if (!Files.isDirectory(data)) {
      return Stream.of(data);
    }
    try (Stream<Path> mrt = Files.list(data.resolve("mrt"));
        Stream<Path> tables = Files.list(data.resolve("tables"))) {
      return Stream.concat(mrt, tables.filter(file -> file.toString().endsWith(".mrt.gz")))
          .filter(file -> !file.toString().contains("expected"))
          .filter(file -> !file.toString().endsWith(".json"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void eachLineIsBgpdumps(Path file) throws Exception {
    assumeTrue(Files.isRegularFile(file), "no ../shared/data beside this checkout");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/bgpdump")), "bgpdump is not installed");
    Process bgpdump =
        new ProcessBuilder("bgpdump", "-m", file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    var err = new StringWriter();
    boolean whole;
    try (var compared = new Compared(bgpdump.getInputStream());
        var input = InputFile.open(file)) {
      whole =
          new MrtDecoding(
                  input,
                  () -> new DecodedText(DecodeCommand.Format.bgpdump, 6),
                  compared,
                  line -> err.write(line + "\n"))
              .run();
      assertThat(compared.difference()).isNull();
      assertThat(compared.octets).isPositive();
    } finally {
      bgpdump.destroy();
    }
    assertThat(whole).as(err.toString()).isEqualTo(!BROKEN.contains(file.getFileName().toString()));
  }

  /// Compares what is written into it with what another program writes.
  private static final class Compared extends OutputStream {
    private final InputStream expected;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private @Nullable String difference;
    private long lines = 1;
    private long octets;

    private Compared(InputStream expected) {
      this.expected = new BufferedInputStream(expected, 1 << 16);
    }

    @Override
    public void write(int octet) throws IOException {
      if (difference != null) {
        return;
      }
      octets++;
      int other = expected.read();
      if (other != (octet & 0xff)) {
        difference =
            "line %d: after '%s' comes %s, and bgpdump has %s"
                .formatted(
                    lines, line.toString(StandardCharsets.UTF_8), shown(octet), shown(other));
      }
      line.write(octet);
      if (octet == '\n') {
        line.reset();
        lines++;
      }
    }

    private static String shown(int octet) {
      return octet < 0 ? "the end" : "'" + (char) octet + "'";
    }

    private @Nullable String difference() throws IOException {
      if (difference == null && expected.read() >= 0) {
        difference = "bgpdump has more than " + (lines - 1) + " lines";
      }
      return difference;
    }
  }
}
