package org.bgppeer.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Hex;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.MrtFormat;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.StateReason;
import org.bgppeer.wire.WireWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The programs that others have read our files, compressed and not.
class ForeignReadersTest {
  private static final String PYTHON = "/usr/bin/python3"; // which sees the packages of the system

  @TempDir Path dir;
  private Path plain = Path.of("");
  private Path compressed = Path.of("");

  private record Ran(int exit, List<String> out, String err) {}

  private Ran run(String... command) throws IOException, InterruptedException {
    Path out = dir.resolve("out");
    Path err = dir.resolve("err");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
    } catch (IOException e) {
      return new Ran(127, List.of(), e.toString());
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", List.of(command)).isTrue();
    return new Ran(
        process.exitValue(),
        Files.readAllLines(out, StandardCharsets.UTF_8),
        Files.readString(err));
  }

  private void write() throws Exception {
    var clock = new TurnedClock(Story.START);
    Path journalDir = dir.resolve("journal");
    try (var journal = Journal.open(journalDir, JournalOptions.defaults().withClock(clock))) {
      Story.append(journal, Story.state(clock.instant(), 2, 3, 1));
      Story.append(journal, Story.up(clock.instant(), 1));
      Story.append(journal, Story.keepalive(clock.instant(), 1, true));
      Story.append(journal, Story.keepalive(clock.instant(), 1, false));
      for (int i = 0; i < 10_000; i++) { // more than one block
        Story.append(journal, Story.update(clock.instant(), 1, i));
      }
      journal.flush(Story.LONG);
      clock.turn(Duration.ofMinutes(5));
      Story.append(journal, Story.update(clock.instant(), 1, 7));
      Story.append(journal, Story.down(clock.instant(), 1));
      journal.flush(Story.LONG);
      journal.awaitCompressed();
    }
    compressed = journalDir.resolve("2026.11/updates.20261123.2335.gz");
    plain = journalDir.resolve("2026.11/updates.20261123.2340");
  }

  @Test
  void bgpdumpReadsEveryFile() throws Exception {
    assumeTrue(run("bgpdump", "-T").exit() != 127, "bgpdump is not installed");
    write();

    var first = run("bgpdump", "-v", "-m", compressed.toString());
    var expected = new ArrayList<String>();
    expected.add("BGP4MP_ET|1795476960.250000|STATE|127.0.0.2|64502|3|1");
    expected.add("BGP4MP_ET|1795476960.250000|STATE|127.0.0.1|64501|5|6");
    for (int i = 0; i < 10_000; i++) {
      expected.add(
          "BGP4MP_ET|1795476960.250000|A|127.0.0.1|64501|10.0.%d.%d/32|64501 64502|IGP|127.0.0.1|0|0||NAG||"
              .formatted(i >> 8, i & 255));
    }
    assertThat(first.out()).containsExactlyElementsOf(expected);
    assertThat(first.err()).isEmpty();
    assertThat(first.exit()).isZero();

    var second = run("bgpdump", "-v", "-m", plain.toString());
    assertThat(second.out())
        .containsExactly(
            "BGP4MP_ET|1795477260.250000|STATE|127.0.0.1|64501|6|6",
            "BGP4MP_ET|1795477260.250000|A|127.0.0.1|64501|10.0.0.7/32|64501"
                + " 64502|IGP|127.0.0.1|0|0||NAG||",
            "BGP4MP_ET|1795477260.250000|STATE|127.0.0.1|64501|6|1");
    assertThat(second.err()).isEmpty();
  }

  @Test
  void mrtparseReadsEveryFile() throws Exception {
    assumeTrue(
        run(PYTHON, "-c", "import mrtparse").exit() == 0, "python3-mrtparse is not installed");
    write();

    assertThat(mrtparse(compressed))
        .hasSize(10_005)
        .startsWith("13.1", "17.5 3>1", "17.5 5>6", "17.7", "17.4", "17.4");
    assertThat(mrtparse(plain)).containsExactly("13.1", "17.5 6>6", "17.4", "13.1", "17.5 6>1");
  }

  @Test
  void mrtparseAsDebianHasItReadsTheFormWithSeconds() throws Exception {
    assumeTrue(
        run(PYTHON, "-c", "import mrtparse").exit() == 0, "python3-mrtparse is not installed");
    Path journalDir = dir.resolve("journal");
    var options =
        JournalOptions.defaults()
            .withClock(new TurnedClock(Story.START))
            .withFormat(MrtFormat.BGP4MP);
    byte[] keepalive = Hex.octets("ffffffff ffffffff ffffffff ffffffff 0013 04");
    byte[] peer = {10, 0, 0, 1};
    byte[] local = {10, 0, 0, 2};
    var message = new WireWriter(128);
    Mrt.writeMessage(
        message,
        MrtFormat.BGP4MP,
        Story.START,
        false,
        64501,
        64512,
        peer,
        local,
        keepalive,
        0,
        keepalive.length,
        DecodeContext.AS4);
    var reason = new StateReason(SessionCause.CONNECTION_CLOSED, "edge 1", "");
    try (var journal = Journal.open(journalDir, options)) {
      Story.append(journal, secondsChange(peer, local, 5, 6, null));
      Story.append(journal, message.toByteArray());
      Story.append(journal, secondsChange(peer, local, 6, 1, reason));
      journal.flush(Story.LONG);
    }

    var ran =
        run(
            PYTHON,
            "-c",
            """
            import sys, mrtparse
            for record in mrtparse.Reader(sys.argv[1]):
                mrt = record.mrt
                assert not mrt.err, mrt.err_msg
                print(mrt.type, mrt.subtype, mrt.ts)
            """,
            journalDir.resolve("2026.11/updates.20261123.2335").toString());

    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .containsExactly(
            "16 5 1795476960", "16 4 1795476960", "13 1 1795476960", "16 5 1795476960");
  }

  private static byte[] secondsChange(
      byte[] peer, byte[] local, int from, int to, @Nullable StateReason reason) {
    return Mrt.stateChange(
        MrtFormat.BGP4MP, Story.START, 64501, 64512, peer, local, from, to, reason);
  }

  private List<String> mrtparse(Path file) throws Exception {
    // mrtparse 1.6, which Debian has, forgets the microseconds: t2mune/mrtparse#19
    String program =
        """
        import sys, mrtparse

        class Reader(mrtparse.Reader):
            def unpack_data(self):
                if self.mrt.type != mrtparse.MRT_T['BGP4MP_ET']:
                    return mrtparse.Reader.unpack_data(self)
                self.mrt.micro_ts = int.from_bytes(self.f.read(4), 'big')
                self.mrt.bgp = mrtparse.Bgp4Mp(self.f.read(self.mrt.len - 4))
                self.mrt.bgp.unpack(self.mrt.subtype)

        for record in Reader(sys.argv[1]):
            mrt = record.mrt
            assert not mrt.err, mrt.err_msg
            change = mrt.bgp and mrt.bgp.old_state is not None
            states = ' %d>%d' % (mrt.bgp.old_state, mrt.bgp.new_state) if change else ''
            assert mrt.type == 13 or mrt.micro_ts == 250000
            print('%d.%d%s' % (mrt.type, mrt.subtype, states))
        """;
    var ran = run(PYTHON, "-c", program, file.toString());
    assertThat(ran.err()).isEmpty();
    return ran.out();
  }
}
