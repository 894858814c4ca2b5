package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.bgppeer.session.NeighborConfig;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.MrtFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
  private static final String GOOD =
      """
      local-as: 64512
      router-id: 192.0.2.10
      neighbors:
        - address: 192.0.2.1
          as: 64500
      """;

  @TempDir Path directory;

  @Test
  void whatIsLeftOutHasItsDefault() throws Exception {
    Configuration configuration = read(GOOD);

    assertThat(configuration.local().as()).isEqualTo(64512);
    assertThat(configuration.local().routerId()).isEqualTo(0xc000020aL);
    assertThat(configuration.local().listen().stream().map(Address::text))
        .containsExactly("0.0.0.0:179", "[::]:179");
    assertThat(configuration.data()).isEqualTo(directory.resolve("data"));
    assertThat(configuration.web()).isEqualTo(ConfigurationReader.DEFAULT_WEB);
    assertThat(configuration.journal().rotation()).isEqualTo(Duration.ofMinutes(5));
    NeighborConfig neighbor = configuration.neighbors().getFirst();
    assertThat(neighbor.name()).isEqualTo("192.0.2.1");
    assertThat(neighbor.port()).isEqualTo(179);
    assertThat(neighbor.active()).isTrue();
    assertThat(neighbor.passive()).isTrue();
    assertThat(neighbor.holdTime()).isEqualTo(Duration.ofSeconds(90));
    assertThat(neighbor.families()).containsExactly(Family.IPV4_UNICAST, Family.IPV6_UNICAST);
    assertThat(neighbor.addPath()).isTrue();
    assertThat(configuration.warnings()).isEmpty();
  }

  @Test
  void everySettingIsTakenOver() throws Exception {
    Files.writeString(directory.resolve("secret"), "s3cret\n");
    Files.setPosixFilePermissions(
        directory.resolve("secret"), PosixFilePermissions.fromString("rw-------"));
    Configuration configuration =
        read(
            """
            local-as: 4294967295
            router-id: 192.0.2.10
            host-name: collector1
            listen: "[2001:db8::a]:1179"
            data: /var/lib/bgp-peer
            web: none
            hold-time: 30
            journal:
              rotation: 15m
              sync: 1s
              format: bgp4mp
            neighbors:
              - address: 2001:DB8:0:0::1
                as: 1
                name: Transit A
                port: 1790
                passive: true
                local-address: 2001:db8::a
                password-file: secret
                hold-time: 0
                families: [ipv6-multicast, ipv4-unicast]
                add-path: false
              - {address: 192.0.2.2, as: 2, active: true}
            """);

    assertThat(configuration.web()).isNull();
    assertThat(configuration.data()).isEqualTo(Path.of("/var/lib/bgp-peer"));
    assertThat(configuration.local().hostName()).isEqualTo("collector1");
    assertThat(configuration.journal().rotation()).isEqualTo(Duration.ofMinutes(15));
    assertThat(configuration.journal().fsync()).isEqualTo(Duration.ofSeconds(1));
    assertThat(configuration.journal().format()).isEqualTo(MrtFormat.BGP4MP);
    NeighborConfig first = configuration.neighbors().getFirst();
    assertThat(first.name()).isEqualTo("Transit A");
    assertThat(Address.text(first.address())).isEqualTo("2001:db8::1");
    assertThat(first.active()).isFalse();
    assertThat(first.passive()).isTrue();
    assertThat(first.password()).isEqualTo("s3cret");
    assertThat(first.holdTime()).isZero();
    assertThat(first.families()).containsExactly(Family.IPV6_MULTICAST, Family.IPV4_UNICAST);
    assertThat(first.addPath()).isFalse();
    NeighborConfig second = configuration.neighbors().getLast();
    assertThat(second.active()).isTrue();
    assertThat(second.passive()).isFalse();
    assertThat(second.holdTime()).isEqualTo(Duration.ofSeconds(30));
    assertThat(configuration.warnings()).isEmpty();
  }

  /// A line of the good configuration is replaced by a bad one, and what is said about it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 | local-as: 0             | 1: AS 0 is reserved (RFC 7607); allowed is 1..4294967295 without 23456 (AS_TRANS, RFC 6793)
          1 | local-as: 4294967296    | 1: local-as is '4294967296'; allowed is 1..4294967295 without 23456 (AS_TRANS, RFC 6793)
          1 | local-as: 23456         | 1: AS 23456 is nobody's own; allowed is 1..4294967295 without 23456 (AS_TRANS, RFC 6793)
          1 | local-as: yes           | 1: local-as is 'yes'; allowed is 1..4294967295 without 23456 (AS_TRANS, RFC 6793)
          1 | local-as:               | 1: local-as has no value; write one behind it or leave it out
          1 | locl-as: 1              | 1: unknown key 'locl-as' in the configuration; did you mean local-as? allowed are local-as, router-id, host-name, listen, data, web, hold-time, journal, neighbors
          2 | router-id: 0.0.0.0      | 2: router-id is '0.0.0.0'; allowed is an IPv4 address other than 0.0.0.0, as a rule one of this host
          2 | router-id: 2001:db8::1  | 2: router-id is '2001:db8::1'; allowed is an IPv4 address other than 0.0.0.0, as a rule one of this host
          2 | local-as: 64512         | 2: local-as was given before at FILE:1; give it once
          4 | '  - address: 192.0.2'  | 4: address: '192.0.2' is not an IP address; allowed is an IPv4 or IPv6 address, for instance 192.0.2.1 or 2001:db8::1
          4 | '  - address: router1'  | 4: address: 'router1' is not an IP address; allowed is an IPv4 or IPv6 address, for instance 192.0.2.1 or 2001:db8::1
          4 | '  - address: 224.0.0.1'| 4: address 224.0.0.1 is not the address of one router; allowed is an IPv4 or IPv6 address, for instance 192.0.2.1 or 2001:db8::1
          4 | '  - name: x'           | 4: this neighbor has no address; allowed is an IPv4 or IPv6 address, for instance 192.0.2.1 or 2001:db8::1
          5 | '    as: 0'             | 5: AS 0 is reserved (RFC 7607); allowed is 1..4294967295 without 23456 (AS_TRANS, RFC 6793)
          5 | '    asn: 64500'        | 5: unknown key 'asn' in a neighbor; did you mean as? allowed are address, as, name, port, passive, active, local-address, password-file, hold-time, families, add-path
          """)
  void aWrongLineIsNamedWithWhatIsAllowed(int line, String text, String said) {
    List<String> lines = new java.util.ArrayList<>(GOOD.lines().toList());
    lines.set(line - 1, text);

    assertThat(problems(String.join("\n", lines))).contains("FILE:" + said);
  }

  /// A line is added to the neighbor of the good configuration.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hold-time: 2                | hold-time is '2'; allowed is 0 (off) or 3..65535 seconds
          hold-time: 65536            | hold-time is '65536'; allowed is 0 (off) or 3..65535 seconds
          port: 0                     | port is '0'; allowed is 1..65535
          passive: yes                | passive is 'yes'; allowed are true and false
          families: [ipv4-unicost]    | family 'ipv4-unicost' cannot be asked for; did you mean ipv4-unicast? allowed are ipv4-unicast, ipv6-unicast, ipv4-multicast, ipv6-multicast, ipv4-labeled-unicast, ipv6-labeled-unicast, ipv4-vpn, ipv6-vpn, ipv4-vpn-multicast, ipv6-vpn-multicast, l2vpn-evpn, l2vpn-vpls, ipv4-mcast-vpn, ipv6-mcast-vpn, ipv4-route-target, ipv4-flowspec, ipv6-flowspec, ipv4-flowspec-vpn, ipv6-flowspec-vpn, l2vpn-flowspec, l2vpn-flowspec-vpn, bgp-ls, bgp-ls-vpn, ipv4-sr-policy, ipv6-sr-policy, ipv4-mup, ipv6-mup
          families: []                | families is empty; name one or more, or leave it out
          local-address: 2001:db8::1  | local-address 2001:db8::1 is IPv6; the neighbor's address is IPv4, both must be of one kind
          name: a/b                   | name 'a/b' cannot be used; allowed are up to 64 characters without / and control characters
          port: [1, 2]                | port is not one value; write one value behind it
          password-file: none-there   | there is no password-file DIR/none-there; write the password as its only line
          """)
  void aWrongSettingOfANeighborIsNamedWithWhatIsAllowed(String text, String said) {
    assertThat(problems(GOOD + "    " + text + "\n")).containsExactly("FILE:6: " + said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          listen: [here]             | listen: 'here' is not ADDRESS:PORT; allowed are ADDRESS:PORT such as 0.0.0.0:179 or [::]:179, and none
          listen: 0.0.0.0:70000      | listen: port 70000 is above 65535; allowed are ADDRESS:PORT such as 0.0.0.0:179 or [::]:179, and none
          web: 8179                  | web: '8179' is not ADDRESS:PORT; allowed are ADDRESS:PORT such as 127.0.0.1:8179, and none
          journal: {rotation: 7m}    | rotation is '7m'; allowed are whole minutes that divide a day, such as 5m, 15m or 1h
          journal: {sync: 2h}        | sync is '2h'; allowed is a time from 1ms to 1m, such as 100ms
          journal: {format: mrt}     | format is 'mrt'; allowed are bgp4mp-et (times in microseconds) and bgp4mp (in seconds)
          journal: {rotations: 5m}   | unknown key 'rotations' in journal; did you mean rotation? allowed are rotation, sync, format
          journal: 5m                | journal is not names with values; allowed are rotation, sync, format below it
          """)
  void aWrongSettingOfTheCollectorIsNamedWithWhatIsAllowed(String text, String said) {
    assertThat(problems(text + "\n" + GOOD)).containsExactly("FILE:1: " + said);
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnceInTheOrderOfTheFile() {
    assertThat(
            problems(
                    """
                    router-id: here
                    neighbors:
                      - address: 192.0.2.1
                        as: 0
                        hold-time: 1
                      - address: 192.0.2.1
                        as: 64500
                        nme: x
                    """)
                .stream()
                .map(problem -> problem.substring(0, problem.indexOf(';'))))
        .containsExactly(
            "FILE:1: local-as is missing",
            "FILE:1: router-id is 'here'",
            "FILE:4: AS 0 is reserved (RFC 7607)",
            "FILE:5: hold-time is '1'",
            "FILE:6: neighbor 192.0.2.1 is there already: FILE:3",
            "FILE:8: unknown key 'nme' in a neighbor");
  }

  @Test
  void neighborsAreAList() {
    assertThat(problems("local-as: 1\nrouter-id: 192.0.2.10\nneighbors: 192.0.2.1\n"))
        .containsExactly(
            "FILE:3: neighbors is not a list; write one item '- address: …' with 'as: …' a"
                + " neighbor");
  }

  @Test
  void twoNeighborsOfOneNameAreRefused() {
    assertThat(
            problems(
                GOOD
                    + """
                        name: rs
                      - {address: 192.0.2.2, as: 1, name: rs}
                    """))
        .containsExactly(
            "FILE:7: name 'rs' is taken: FILE:6; every neighbor needs a name of its own");
  }

  @Test
  void anotherSpellingOfAnAddressIsTheSameNeighbor() {
    assertThat(
            problems(
                """
                local-as: 64512
                router-id: 192.0.2.10
                neighbors:
                  - {address: 2001:db8::1, as: 1}
                  - {address: 2001:DB8:0::1, as: 1}
                """))
        .containsExactly(
            "FILE:5: neighbor 2001:db8::1 is there already: FILE:4; one neighbor an address is"
                + " allowed");
  }

  @Test
  void aPassiveNeighborNeedsAListener() {
    assertThat(problems("listen: none\n" + GOOD + "    passive: true\n"))
        .containsExactly(
            "FILE:7: we wait for this neighbor to connect, but listen is none; listen somewhere or"
                + " leave passive out");
  }

  @Test
  void activeAndPassiveExcludeEachOther() {
    assertThat(problems(GOOD + "    passive: true\n    active: true\n"))
        .containsExactly(
            "FILE:7: active (only we connect) and passive (only they connect) are both true; leave"
                + " both out and each side may connect");
  }

  @Test
  void aFileThatIsNoYamlIsNamedWithItsLine() {
    assertThat(problems("local-as: 1\n\tlisten: x\n"))
        .singleElement()
        .asString()
        .startsWith("FILE:2: this is not YAML (found character '\\t(TAB)'")
        .endsWith("; indent with spaces, close what is opened, put text with : or # in quotes");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    var e =
        catchThrowableOfType(
            BadConfiguration.class,
            () -> ConfigurationReader.read(directory.resolve("missing.yaml")));

    assertThat(e)
        .hasMessage(
            directory.resolve("missing.yaml")
                + ": there is no such file; write one like bgp-peer.example.yaml, or name another"
                + " one with -c FILE");
    assertThat(e.exitStatus()).isEqualTo(2);
  }

  @Test
  void aPasswordThatOthersMayReadIsWarnedOf() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "s3cret\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));

    Configuration configuration = read(GOOD + "    password-file: secret\n");

    assertThat(configuration.neighbors().getFirst().password()).isEqualTo("s3cret");
    assertThat(configuration.warnings())
        .singleElement()
        .asString()
        .endsWith("secret may be read by others (rw-r--r--); chmod 600 it")
        .contains(":6: ");
  }

  @Test
  void routeTargetsBesideOtherFamiliesAreWarnedOf() throws Exception {
    String alone = GOOD + "    families: [ipv4-route-target]\n";
    String beside = GOOD + "    families: [ipv4-vpn, ipv4-route-target]\n";

    assertThat(read(alone).warnings()).isEmpty();
    assertThat(read(beside).warnings())
        .singleElement()
        .asString()
        .contains(":6: with ipv4-route-target the neighbor sends only VPN routes whose targets");
  }

  @Test
  void theExampleIsRight() throws Exception {
    Configuration configuration = ConfigurationReader.read(repository("bgp-peer.example.yaml"));

    assertThat(configuration.neighbors()).hasSize(3);
    assertThat(configuration.warnings()).isEmpty();
  }

  /// A file of the checkout, wherever in it the tests were started.
  static Path repository(String name) {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve(name)) ? here.resolve(name) : here.resolve("..").resolve(name);
  }

  private Configuration read(String yaml) throws IOException, BadConfiguration {
    return ConfigurationReader.read(Files.writeString(directory.resolve("bgp-peer.yaml"), yaml));
  }

  private List<String> problems(String yaml) {
    var e = catchThrowableOfType(BadConfiguration.class, () -> read(yaml));
    assertThat(e).as("the configuration was taken").isNotNull();
    return e.problems().stream()
        .map(
            problem ->
                problem
                    .toString()
                    .replace(directory.resolve("bgp-peer.yaml").toString(), "FILE")
                    .replace(directory.toString(), "DIR"))
        .toList();
  }
}
