package org.bgppeer.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// BIRD with two sessions from one address of its own, to two of ours.
@Timeout(300)
class LocalAddressTest {
  private static final String BOTH = "SELECT neighbor || ' ' || prefix FROM routes WHERE active";

  @TempDir Path directory;

  private static String protocol(String name, String local, String remote, String how) {
    return """
    protocol static of_%1$s { ipv4; route %4$s blackhole; }
    protocol bgp %1$s {
      local %2$s port %6$d as 64500;
      neighbor %3$s port %6$d as 64512;
      multihop;
      strict bind;
      connect delay time 1;
      connect retry time 1;
      error wait time 1, 1;
      %5$s
      ipv4 { import none; export where proto = "of_%1$s"; };
    }
    """
        .formatted(
            name,
            local,
            remote,
            name.equals("left") ? "198.51.100.0/24" : "203.0.113.0/24",
            how,
            Loopback.PORT);
  }

  private static String neighbor(String name, String address, String local, String how) {
    return "  - {name: %s, address: %s, port: %d, as: 64500, local-address: %s%s}\n"
        .formatted(name, address, Loopback.PORT, local, how);
  }

  /// @param birds what BIRD may not do
  /// @param ours what we may do
  @ParameterizedTest
  @CsvSource({"'', ', passive: true'", "passive;, ', active: true'", "'', ''"})
  void twoSessionsOfOneAddressAreToldApartByOurAddresses(String birds, String ours)
      throws Exception {
    assumeTrue(Program.find("bird") != null, "BIRD is not installed");
    String network = Loopback.network();
    String bird = network + "2";
    String left = network + "1";
    String right = network + "3";
    Files.writeString(
        directory.resolve("bird.conf"),
        "log stderr all;\nrouter id 192.0.2.2;\nprotocol device {}\n"
            + protocol("left", bird, left, birds)
            + protocol("right", bird, right, birds));
    var program =
        new Program(
            directory,
            directory.resolve("log"),
            Map.of(),
            List.of("bird", "-f", "-c", "bird.conf", "-s", "ctl", "-P", "pid"));
    String yaml =
        "local-as: 64512\nrouter-id: 192.0.2.10\nweb: none\n"
            + "listen: [\"%s:%3$d\", \"%s:%3$d\"]\nneighbors:\n"
                .formatted(left, right, Loopback.PORT)
            + neighbor("left", bird, left, ours)
            + neighbor("right", bird, right, ours);

    try (program;
        var peer = BgpPeer.inside(directory, yaml)) {
      program.start();
      Eventually.holds(
          () ->
              assertThat(peer.sql(BOTH + " ORDER BY 1"))
                  .as(program.tail())
                  .containsExactly("left 198.51.100.0/24", "right 203.0.113.0/24"));

      Program.run(List.of("birdc", "-s", directory.resolve("ctl").toString(), "disable", "left"));

      Eventually.holds(
          () ->
              assertThat(peer.sql(BOTH))
                  .as(program.tail())
                  .containsExactly("right 203.0.113.0/24"));
    }
  }
}
