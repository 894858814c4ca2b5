package org.bgppeer.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterOptionsTest {
  @Test
  void aFileWithAllItsOptionsIsUnderstood() throws UsageError {
    var options =
        RouterOptions.parse(
            "updates.gz",
            "--to",
            "[::1]:1790",
            "--as",
            "4200000000",
            "--router-id",
            "192.0.2.7",
            "--speed",
            "max",
            "--peer",
            "2001:db8::1",
            "--exit",
            "--hold-time",
            "0");

    assertThat(options.file()).isEqualTo(Path.of("updates.gz"));
    assertThat(options.to()).isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("::1"), 1790));
    assertThat(options.as()).isEqualTo(4_200_000_000L);
    assertThat(options.routerId()).isEqualTo(0xc0000207L);
    assertThat(options.speed()).isInfinite();
    assertThat(options.filePeer()).hasToString("/2001:db8:0:0:0:0:0:1");
    assertThat(options.exitAtEnd()).isTrue();
    assertThat(options.holdTime()).isZero();
  }

  @Test
  void theRouterIdIsTheLocalAddressUnlessGiven() throws UsageError {
    var options =
        RouterOptions.parse("--to", "127.0.0.1:1", "--as", "1", "--local-address", "127.0.0.3");

    assertThat(options.routerId()).isEqualTo(0x7f000003L);
  }

  @Test
  void sessionsAreLostInTurnUnlessOneWayIsGiven() throws UsageError {
    var inTurn = loss("--to 127.0.0.1:1 --as 1 --lose-after 2.5");
    var one = loss("--to 127.0.0.1:1 --as 1 --lose-after 2 --lose-how reset");

    assertThat(inTurn.lasts(0)).isEqualTo(Duration.ofMillis(2500));
    assertThat(inTurn.lasts(1)).isBetween(Duration.ofSeconds(67), Duration.ofSeconds(113));
    assertThat(inTurn.style(0)).isEqualTo(SessionLoss.SHUTDOWN);
    assertThat(inTurn.style(1)).isEqualTo(SessionLoss.SILENCE);
    assertThat(inTurn.style(4)).isEqualTo(SessionLoss.SHUTDOWN);
    assertThat(one.style(0)).isEqualTo(SessionLoss.RESET);
  }

  private static SessionLoss.Plan loss(String line) throws UsageError {
    return Objects.requireNonNull(RouterOptions.parse(line.split(" ")).loss());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --as 1                                        | give one of --to ADDR:PORT and --listen ADDR:PORT
          --as 1 --to 127.0.0.1:1 --listen 127.0.0.1:2  | give one of --to ADDR:PORT and --listen ADDR:PORT
          --to 127.0.0.1:1                              | --as N is missing: the AS number of the simulated router
          --to 127.0.0.1:1 --as 0                       | --as 0 is not 1..4294967295
          --to 127.0.0.1:1 --as x                       | --as "x" is not a number
          --to 127.0.0.1 --as 1                         | "127.0.0.1" is not ADDR:PORT, for instance 127.0.0.1:1790
          --to 127.0.0.1:70000 --as 1                   | port 70000 is not 0..65535
          --to router:1 --as 1                          | "router" is not an IPv4 or IPv6 address
          --to 127.0.0.1:1 --as 1 --hold-time 2         | --hold-time 2 is not 0 or 3..65535 seconds
          --to 127.0.0.1:1 --as 1 --router-id ::1       | --router-id is an IPv4 address, not 0:0:0:0:0:0:0:1
          --to 127.0.0.1:1 --as 1 --next-hop4 ::1       | --next-hop4 0:0:0:0:0:0:0:1 is of the other address family
          --to 127.0.0.1:1 --as 1 --speed 0             | --speed 0 never ends; give a number above 0, or max
          --to 127.0.0.1:1 --as 1 --rate fast           | --rate "fast" is not a number of 0 or more
          --to 127.0.0.1:1 --as 1 --lose-how quietly    | --lose-how "quietly" is not shutdown, silence, close or reset
          --to 127.0.0.1:1 --as                         | --as needs a value
          --to 127.0.0.1:1 --as 1 a b                   | "b" is not understood
          --to 127.0.0.1:1 --as 1 --what                | "--what" is not understood
          """)
  void whatMakesNoSenseIsRefusedWithAReason(String line, String reason) {
    assertThatThrownBy(() -> RouterOptions.parse(line.split(" ")))
        .isInstanceOf(UsageError.class)
        .hasMessage(reason);
  }
}
