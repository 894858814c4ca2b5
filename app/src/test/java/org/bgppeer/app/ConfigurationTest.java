package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bgppeer.journal.JournalRetention;
import org.bgppeer.session.NeighborConfig;
import org.bgppeer.session.NeighborRange;
import org.bgppeer.session.PrefixLimit;
import org.bgppeer.session.Retention;
import org.bgppeer.session.Role;
import org.bgppeer.session.TcpAoKey;
import org.bgppeer.store.DatabaseRetention;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.MrtFormat;
import org.jspecify.annotations.Nullable;
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
    assertThat(configuration.keeping())
        .isEqualTo(new Keeping(JournalRetention.FOR_EVER, DatabaseRetention.FOR_EVER, null));
    NeighborConfig neighbor = configuration.neighbors().getFirst();
    assertThat(neighbor.name()).isEqualTo("192.0.2.1");
    assertThat(neighbor.port()).isEqualTo(179);
    assertThat(neighbor.active()).isTrue();
    assertThat(neighbor.passive()).isTrue();
    assertThat(neighbor.holdTime()).isEqualTo(Duration.ofSeconds(90));
    assertThat(neighbor.families()).containsExactly(Family.IPV4_UNICAST, Family.IPV6_UNICAST);
    assertThat(neighbor.addPath()).isEqualTo(neighbor.families());
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
              rib-dump: 8h
            retention:
              packets: 90d
              packets-size: 200G
              history: 400d
              database-size: 512M
              log: forever
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
    assertThat(configuration.keeping())
        .isEqualTo(
            new Keeping(
                new JournalRetention(Duration.ofDays(90), 200L << 30),
                new DatabaseRetention(Duration.ofDays(400), 512L << 20, null),
                Duration.ofHours(8)));
    NeighborConfig first = configuration.neighbors().getFirst();
    assertThat(first.name()).isEqualTo("Transit A");
    assertThat(Address.text(first.address())).isEqualTo("2001:db8::1");
    assertThat(first.active()).isFalse();
    assertThat(first.passive()).isTrue();
    assertThat(first.password()).isEqualTo("s3cret");
    assertThat(first.holdTime()).isZero();
    assertThat(first.families()).containsExactly(Family.IPV6_MULTICAST, Family.IPV4_UNICAST);
    assertThat(first.addPath()).isEmpty();
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
          1 | locl-as: 1              | 1: unknown key 'locl-as' in the configuration; did you mean local-as? allowed are local-as, router-id, host-name, listen, data, db, web, public-read-only, tls-certificate, tls-key, as-names, hold-time, watch, journal, retention, neighbors
          2 | router-id: 0.0.0.0      | 2: router-id is '0.0.0.0'; allowed is an IPv4 address other than 0.0.0.0, as a rule one of this host
          2 | router-id: 2001:db8::1  | 2: router-id is '2001:db8::1'; allowed is an IPv4 address other than 0.0.0.0, as a rule one of this host
          2 | local-as: 64512         | 2: local-as was given before at FILE:1; give it once
          4 | '  - address: 192.0.2'  | 4: address: '192.0.2' is not an IP address; allowed is an IPv4 or IPv6 address, for instance 192.0.2.1 or 2001:db8::1
          4 | '  - address: router1'  | 4: address: 'router1' is not an IP address; allowed is an IPv4 or IPv6 address, for instance 192.0.2.1 or 2001:db8::1
          4 | '  - address: 224.0.0.1'| 4: address 224.0.0.1 is not the address of one router; allowed is an IPv4 or IPv6 address, for instance 192.0.2.1 or 2001:db8::1
          4 | '  - name: x'           | 4: this neighbor has no address; allowed is an IPv4 or IPv6 address, for instance 192.0.2.1 or 2001:db8::1
          5 | '    as: 0'             | 5: AS 0 is reserved (RFC 7607); allowed is 1..4294967295 without 23456 (AS_TRANS, RFC 6793)
          5 | '    tcp-ao: key.txt'  | 5: tcp-ao is not a list of keys; write an item '- send-id: NUMBER' with 'key-file: FILE' a key
          5 | '    asn: 64500'        | 5: unknown key 'asn' in a neighbor; did you mean as? allowed are address, range, as, name, port, passive, active, local-address, password-file, tcp-ao, ttl-security, multihop, local-as, role, strict-role, hold-time, families, add-path, max-prefix, graceful-restart, long-lived-graceful-restart, mute, max-neighbors, mirror
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
          hold-time: 2                | hold-time is '2'; allowed is 0 (off) or 3..65535, in seconds and without a unit
          hold-time: 90s              | hold-time is '90s'; allowed is 0 (off) or 3..65535, in seconds and without a unit
          hold-time: 65536            | hold-time is '65536'; allowed is 0 (off) or 3..65535, in seconds and without a unit
          port: 0                     | port is '0'; allowed is 1..65535
          passive: yes                | passive is 'yes'; allowed are true and false
          families: [ipv4-unicost]    | family 'ipv4-unicost' cannot be asked for; did you mean ipv4-unicast? allowed are ipv4-unicast, ipv6-unicast, ipv4-multicast, ipv6-multicast, ipv4-labeled-unicast, ipv6-labeled-unicast, ipv4-vpn, ipv6-vpn, ipv4-vpn-multicast, ipv6-vpn-multicast, l2vpn-evpn, l2vpn-vpls, ipv4-mcast-vpn, ipv6-mcast-vpn, ipv4-route-target, ipv4-flowspec, ipv6-flowspec, ipv4-flowspec-vpn, ipv6-flowspec-vpn, l2vpn-flowspec, l2vpn-flowspec-vpn, bgp-ls, bgp-ls-vpn, ipv4-sr-policy, ipv6-sr-policy, ipv4-mup, ipv6-mup
          families: []                | families is empty; name one or more, or leave it out
          local-address: 2001:db8::1  | local-address 2001:db8::1 is IPv6; the neighbor's address is IPv4, both must be of one kind
          name: a/b                   | name 'a/b' cannot be used; allowed are up to 64 characters without / and control characters
          ttl-security: 255           | ttl-security is '255'; allowed is 1..254
          multihop: far               | multihop is 'far'; allowed is 1..254
          local-as: AS64500           | local-as is 'AS64500'; write 64500 for it, a number alone; allowed is 1..4294967295 without 23456 (AS_TRANS, RFC 6793)
          local-as: 1.10              | local-as is '1.10'; write 65546 for it, a number alone; allowed is 1..4294967295 without 23456 (AS_TRANS, RFC 6793)
          local-as: 1.65536           | local-as is '1.65536'; allowed is 1..4294967295 without 23456 (AS_TRANS, RFC 6793)
          local-address: 0.0.0.0      | local-address 0.0.0.0 is not one address of this host; name one, or leave it out and the system chooses
          local-as: 0                 | AS 0 is reserved (RFC 7607); allowed is 1..4294967295 without 23456 (AS_TRANS, RFC 6793)
          role: costumer              | role is 'costumer'; did you mean customer? allowed are provider, rs, rs-client, customer, peer
          strict-role: true           | strict-role without role; say what we are to the neighbor: role: provider, rs, rs-client, customer, peer
          add-path: [ipv4-vpn]        | add-path names ipv4-vpn, which this neighbor is not asked for; allowed are ipv4-unicast, ipv6-unicast; families says which
          max-prefix: 0               | max-prefix is '0'; allowed is a number of routes, 1 or more
          max-prefix: {limt: 5}       | unknown key 'limt' in max-prefix; did you mean limit? allowed are limit, action, warn, restart
          max-prefix: {limit: 5, action: teardown} | action is 'teardown'; did you mean tear-down? allowed are warn, stop-storing, tear-down
          max-prefix: {limit: 5, warn: 101} | warn is '101'; allowed is 0..100, in percent
          max-prefix: {limit: 5, action: warn, restart: 5m} | restart without action: tear-down; only a session that was torn down can come back; leave it out
          max-prefix: {limit: {ipv4-vpn: 5}} | max-prefix names ipv4-vpn, which this neighbor is not asked for; allowed are ipv4-unicast, ipv6-unicast; families says which
          graceful-restart: 5000      | graceful-restart is '5000'; allowed are true, false and 0..4095 seconds (RFC 4724)
          long-lived-graceful-restart: 1h | long-lived-graceful-restart is not families with times; RFC 9494 wants each family named: write ipv4-unicast: 24h below it
          mirror: true                | mirror is for a range; write range: PREFIX in place of address
          port: [1, 2]                | port is not one value; write one value behind it
          password-file: none-there   | there is no password-file DIR/none-there; write the password as its only line
          """)
  void aWrongSettingOfANeighborIsNamedWithWhatIsAllowed(String text, String said) {
    assertThat(problems(GOOD + "    " + text + "\n")).containsExactly("FILE:6: " + said);
  }

  @Test
  void aLimitOfTheDatabasesSizeIsForSqliteAlone() throws Exception {
    assertThat(problems(GOOD + "db: jdbc:postgresql://db/bgp\nretention:\n  database-size: 50G\n"))
        .containsExactly(
            "FILE:8: database-size is for SQLite, and the database is one of a server; leave it"
                + " out, and limit history instead");
  }

  @Test
  void gtsmAndMultihopDoNotGoTogether() throws Exception {
    assertThat(problems(GOOD + "    ttl-security: 1\n    multihop: 2\n"))
        .containsExactly(
            "FILE:7: ttl-security and multihop are both given; GTSM needs TTL 255 from both: write"
                + " ttl-security: HOPS for a neighbor that is some hops away, and leave multihop"
                + " out");
  }

  @Test
  void whatANeighborMayAndHowItIsReachedIsTakenOver() throws Exception {
    NeighborConfig neighbor =
        read(GOOD
                + """
                    ttl-security: 2
                    local-as: 64999
                    role: rs-client
                    strict-role: true
                    add-path: [ipv6-unicast]
                    max-prefix: {limit: {ipv4-unicast: 1_000_000}, action: stop-storing, warn: 90%}
                    graceful-restart: 300
                    long-lived-graceful-restart: {ipv4-unicast: 2d}
                """)
            .neighbors()
            .getFirst();

    assertThat(neighbor.ttlSecurity()).isEqualTo(2);
    assertThat(neighbor.localAs()).isEqualTo(64999);
    assertThat(neighbor.role()).isEqualTo(Role.RS_CLIENT);
    assertThat(neighbor.strictRole()).isTrue();
    assertThat(neighbor.addPath()).containsExactly(Family.IPV6_UNICAST);
    assertThat(neighbor.limits())
        .containsExactly(
            Map.entry(
                Family.IPV4_UNICAST,
                new PrefixLimit(1_000_000, PrefixLimit.Action.STOP_STORING, 90, Duration.ZERO)));
    assertThat(neighbor.retention())
        .isEqualTo(
            new Retention(
                true, Duration.ofSeconds(300), Map.of(Family.IPV4_UNICAST, Duration.ofDays(2))));
  }

  @Test
  void aRangeIsTakenOver() throws Exception {
    NeighborRange range =
        read("""
        local-as: 64512
        router-id: 192.0.2.10
        neighbors:
          - range: 2001:db8::/32
            as: [64500, 64501]
            max-neighbors: 20
            mirror: true
            max-prefix: {limit: 1000, restart: 10m}
        """)
            .ranges()
            .getFirst();

    assertThat(range).hasToString("2001:db8::/32");
    assertThat(range.as()).containsExactlyInAnyOrder(64500L, 64501L);
    assertThat(range.most()).isEqualTo(20);
    assertThat(range.mirror()).isTrue();
    assertThat(range.like().limits())
        .containsEntry(
            Family.IPV6_UNICAST,
            new PrefixLimit(1000, PrefixLimit.Action.TEAR_DOWN, 80, Duration.ofMinutes(10)));
  }

  /// A range with one line of its own, and what is said about it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          range: 2001:db8::1/32     | range is '2001:db8::1/32', which is an address within a prefix; write 2001:db8::/32 if all of that may call, or address: 2001:db8::1
          range: 2001:db8::/129     | range is '2001:db8::/129'; allowed is a prefix, for instance 198.51.100.0/24 or 2001:db8::/32
          passive: true             | passive is for one router, this is a range; leave one of both out
          as: many                  | as is 'many'; allowed is 1..4294967295 without 23456 (AS_TRANS, RFC 6793)
          max-neighbors: 0          | max-neighbors is '0'; allowed is 1..100000
          mirrors: true             | unknown key 'mirrors' in a neighbor; did you mean mirror? allowed are address, range, as, name, port, passive, active, local-address, password-file, tcp-ao, ttl-security, multihop, local-as, role, strict-role, hold-time, families, add-path, max-prefix, graceful-restart, long-lived-graceful-restart, mute, max-neighbors, mirror
          """)
  void aWrongSettingOfARangeIsNamedWithWhatIsAllowed(String text, String said) {
    String key = text.substring(0, text.indexOf(':'));
    var lines = new java.util.ArrayList<String>();
    if (!key.equals("range")) {
      lines.add("range: 198.51.100.0/24");
    }
    if (!key.equals("as")) {
      lines.add("as: any");
    }
    lines.add(0, text);
    assertThat(
            problems(
                "local-as: 64512\nrouter-id: 192.0.2.10\nneighbors:\n  - "
                    + String.join("\n    ", lines)))
        .contains("FILE:4: " + said);
  }

  @Test
  void twoOfTheSameRangeAndANeighborWithoutThePasswordOfItsRangeAreNamed() throws Exception {
    Files.writeString(directory.resolve("secret"), "s3cret\n");
    assertThat(
            problems(
                GOOD
                    + """
                      - range: 192.0.2.0/24
                        as: any
                        password-file: secret
                      - range: 192.0.2.0/24
                        as: 64500
                    """))
        .containsExactly(
            "FILE:4: neighbor 192.0.2.1 has no password, but lies in the range 192.0.2.0/24, of"
                + " whose addresses the kernel asks for one; give it a password-file, the same or"
                + " another one",
            "FILE:9: range 192.0.2.0/24 is there already: FILE:6; say everything of a range at one"
                + " place; ranges within each other are allowed");
  }

  @Test
  void rangesWithinEachOtherAreWarnedOfWithWhatCounts() throws Exception {
    Configuration configuration =
        read(
            """
            local-as: 64512
            router-id: 192.0.2.10
            neighbors:
              - {range: 192.0.2.128/25, as: 1}
              - {range: 192.0.0.0/16, as: any}
              - {range: 2001:db8::/32, as: 2}
              - {range: 192.0.2.0/24, as: 3}
            """);

    assertThat(configuration.ranges()).hasSize(4);
    assertThat(configuration.warnings())
        .map(warning -> warning.replace(directory.resolve("bgp-peer.yaml").toString(), "FILE"))
        .containsExactly(
            "FILE:4: range 192.0.2.128/25 lies within range 192.0.2.0/24 (FILE:7); of who calls"
                + " from both the narrower counts, which is 192.0.2.128/25",
            "FILE:7: range 192.0.2.0/24 lies within range 192.0.0.0/16 (FILE:5); of who calls from"
                + " both the narrower counts, which is 192.0.2.0/24");
  }

  @Test
  void keysOfTcpAoAreTakenOver() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "s3cret\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    String yaml =
        GOOD
            + """
                tcp-ao:
                  - {send-id: 0, key-file: secret}
                  - {send-id: 255, receive-id: 1, algorithm: aes-128-cmac-96, key: 0xAB}
              - range: 198.51.100.0/24
                as: any
                tcp-ao: [{send-id: 7, key-file: secret}]
            """;
    Path file = Files.writeString(directory.resolve("bgp-peer.yaml"), yaml);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    Configuration configuration = signing(yaml, "");

    var sha = TcpAoKey.Algorithm.HMAC_SHA_1_96;
    assertThat(configuration.neighbors().getFirst().tcpAo())
        .containsExactly(
            new TcpAoKey(0, 0, sha, "s3cret"),
            new TcpAoKey(255, 1, TcpAoKey.Algorithm.AES_128_CMAC_96, "0xAB"));
    assertThat(configuration.ranges().getFirst().like().tcpAo())
        .containsExactly(new TcpAoKey(7, 7, sha, "s3cret"));
    assertThat(configuration.warnings())
        .containsExactly(
            file
                + ":8: a key stands here, and the file may be read by others (rw-r-----); chmod 600"
                + " it or use key-file");
    assertThat(Summary.lines(configuration))
        .filteredOn(line -> line.contains("with TCP-AO"))
        .hasSize(2)
        .noneMatch(line -> line.contains("s3cret"));
  }

  @Test
  void aKernelWithoutTcpAoIsToldWhereItIsAskedFor() throws Exception {
    Files.writeString(directory.resolve("secret"), "s3cret\n");
    String yaml = GOOD + "    tcp-ao:\n      - {send-id: 1, key-file: secret}\n";
    String told =
        "FILE:6: tcp-ao cannot be used: %s; run it on another kernel, or use password-file (TCP"
            + " MD5) or IPsec";

    assertThat(problemsOf(() -> signing(yaml, "no keys here")))
        .containsExactly(told.formatted("no keys here"));

    String here = TcpAoKey.Algorithm.HMAC_SHA_1_96.whyNotHere();
    assumeThat(here).as("what the kernel lacks").isNotEmpty();
    assertThat(problems(yaml)).containsExactly(told.formatted(here));
  }

  /// Keys of a neighbor, and what is said about them.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          []                                       | tcp-ao is not a list of keys; write an item '- send-id: NUMBER' with 'key-file: FILE' a key
          {send-id: 1, key: x}                     | tcp-ao is not a list of keys; write an item '- send-id: NUMBER' with 'key-file: FILE' a key
          [secret]                                 | this key of tcp-ao is not names with values; write an item '- send-id: NUMBER' with 'key-file: FILE' a key
          [{key: x}]                               | send-id is missing; allowed is 0..255
          [{send-id: 256, key: x}]                 | send-id is '256'; allowed is 0..255
          [{send-id: 1, receive-id: -1, key: x}]   | receive-id is '-1'; allowed is 0..255
          [{send-id: 1}]                           | this key has no key-file; write key-file: FILE below its send-id
          [{send-id: 1, key: x, key-file: secret}] | key and key-file are both given; leave one of both out
          [{send-id: 1, key-file: none}]           | there is no key-file DIR/none; write the key as its only line
          [{send-id: 1, key-file: two}]            | key-file DIR/two has 2 lines; allowed is one line of 1..80 octets (TCP-AO of Linux)
          [{send-id: 1, key: 012345678901234567890123456789012345678901234567890123456789012345678901234567890}] | key has 81 octets; allowed are 1..80 octets (TCP-AO of Linux)
          [{send-id: 1, key: x, algorithm: hmac-sha1-96}] | algorithm is 'hmac-sha1-96'; did you mean hmac-sha-1-96? allowed are hmac-sha-1-96, aes-128-cmac-96
          [{send-id: 1, key: x}, {send-id: 2, receive-id: 1, key: y}] | this key has the send-id or the receive-id of another one before it; each key of a neighbor has both of its own (RFC 5925)
          [{key-id: 1, key: x}]                    | unknown key 'key-id' in a key of tcp-ao; did you mean send-id? allowed are send-id, receive-id, algorithm, key-file, key
          """)
  void aWrongKeyOfTcpAoIsNamedWithWhatIsAllowed(String keys, String said) throws Exception {
    Files.writeString(directory.resolve("secret"), "s3cret\n");
    Files.writeString(directory.resolve("two"), "one\ntwo\n");

    assertThat(problemsOf(() -> signing(GOOD + "    tcp-ao: " + keys + "\n", "")))
        .contains("FILE:6: " + said);
  }

  @Test
  void aNeighborIsSignedInOneWay() throws Exception {
    Files.writeString(directory.resolve("secret"), "s3cret\n");
    String both = "    password-file: secret\n    tcp-ao: [{send-id: 1, key-file: secret}]\n";

    assertThat(problemsOf(() -> signing(GOOD + both, "")))
        .containsExactly(
            "FILE:7: tcp-ao and password-file are both given; a connection is signed with one of"
                + " them; leave one out");
  }

  /// How a neighbor is signed, how the range around it is, and what is said about it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tcp-ao: [{send-id: 1, key: x}] | tcp-ao: [{send-id: 1, key: x}] |
          tcp-ao: [{send-id: 2, key: y}] | tcp-ao: [{send-id: 1, key: x}] |
          hold-time: 90                  | tcp-ao: [{send-id: 1, key: x}] | has no tcp-ao, but lies in the range 192.0.2.0/24, of whose addresses the kernel asks for one; give it tcp-ao, with the same keys or others
          password-file: secret          | tcp-ao: [{send-id: 1, key: x}] | has a password, but lies in the range 192.0.2.0/24, which has tcp-ao; the kernel takes one kind of keys for an address: give both the same kind
          tcp-ao: [{send-id: 1, key: x}] | password-file: secret          | has tcp-ao, but lies in the range 192.0.2.0/24, which has a password; the kernel takes one kind of keys for an address: give both the same kind
          tcp-ao: [{send-id: 1, key: y}] | tcp-ao: [{send-id: 1, key: x}] | has a key 1/1 hmac-sha-1-96, but lies in the range 192.0.2.0/24, which has another key 1/1 hmac-sha-1-96; a send-id or receive-id means one key for all addresses of a range (RFC 5925): use other numbers
          """)
  void keysWithinARangeGoWithItsOwn(String neighbor, String range, @Nullable String said)
      throws Exception {
    Files.writeString(directory.resolve("secret"), "s3cret\n");
    String around = "  - range: 192.0.2.0/24\n    as: any\n    " + range + "\n";
    String inside = "  - range: 192.0.2.0/25\n    as: any\n    " + neighbor + "\n";
    String yaml = GOOD + "    " + neighbor + "\n" + around + inside;

    if (said == null) {
      assertThat(signing(yaml, "").ranges()).hasSize(2);
    } else {
      assertThat(problemsOf(() -> signing(yaml, "")))
          .containsExactly(
              "FILE:4: neighbor 192.0.2.1 " + said, "FILE:10: range 192.0.2.0/25 " + said);
    }
  }

  @Test
  void aLinkLocalNeighborNeedsItsInterface() throws Exception {
    assertThat(problems(GOOD.replace("192.0.2.1\n", "fe80::1\n")))
        .containsExactly(
            "FILE:4: address fe80::1 is there on every interface; write its interface behind it:"
                + " fe80::1%eth0");
    assertThat(problems(GOOD.replace("192.0.2.1\n", "fe80::1%none7\n")))
        .containsExactly(
            "FILE:4: address: this machine has no interface 'none7', it has "
                + NetworkInterface.networkInterfaces()
                    .map(NetworkInterface::getName)
                    .sorted()
                    .collect(Collectors.joining(", "))
                + "; allowed is an IPv4 or IPv6 address, for instance 192.0.2.1 or 2001:db8::1");
    assertThat(read(GOOD.replace("192.0.2.1\n", "fe80::1%lo\n")).neighbors().getFirst().name())
        .isEqualTo("fe80::1%lo");
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
          journal: {rotations: 5m}   | unknown key 'rotations' in journal; did you mean rotation? allowed are rotation, sync, format, rib-dump
          journal: 5m                | journal is not names with values; allowed are rotation, sync, format, rib-dump below it
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
                + " allowed, or several that have a local-address each");
  }

  @Test
  void severalNeighborsOfOneAddressNeedALocalAddressEach() throws Exception {
    Files.writeString(directory.resolve("of-b"), "its own");
    Files.setPosixFilePermissions(
        directory.resolve("of-b"), PosixFilePermissions.fromString("rw-------"));
    String start =
        """
        local-as: 64512
        router-id: 192.0.2.10
        neighbors:
          - {address: 192.0.2.1, as: 1, name: a, local-address: 192.0.2.10}
        """;
    assertThat(
            read(start + "  - {address: 192.0.2.1, as: 1, name: b, local-address: 192.0.2.11}\n")
                .neighbors())
        .hasSize(2);
    assertThat(
            problems(
                start + "  - {address: 192.0.2.1, as: 1, name: b, local-address: 192.0.2.10}\n"))
        .containsExactly(
            "FILE:5: neighbor 192.0.2.1 is there already: FILE:4; both have local-address"
                + " 192.0.2.10; each needs one of its own");
    assertThat(
            problems(
                start
                    + "  - {address: 192.0.2.1, as: 1, name: b, local-address: 192.0.2.11,"
                    + " password-file: "
                    + "of-b}\n"))
        .containsExactly(
            "FILE:5: neighbor 192.0.2.1 is there already: FILE:4; the kernel knows callers by their"
                + " address alone: give both the same password-file");
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

  @ParameterizedTest
  @CsvSource({"'', is empty", "'one\ntwo', has 2 lines"})
  void aFileThatIsNoPasswordIsNamedWithWhatItHolds(String content, String said) throws Exception {
    Files.writeString(directory.resolve("secret"), content);

    assertThat(problems(GOOD + "    password-file: secret\n"))
        .containsExactly(
            "FILE:6: password-file DIR/secret "
                + said
                + "; allowed is one line of 1..80 octets (TCP MD5 of Linux)");
  }

  @Test
  void aPasswordThatIsTooLongForTheKernelIsNamedWithItsLength() throws Exception {
    Files.writeString(directory.resolve("secret"), "é".repeat(41));

    assertThat(problems(GOOD + "    password-file: secret\n"))
        .containsExactly(
            "FILE:6: password-file DIR/secret has 82 octets; allowed is one line of 1..80 octets"
                + " (TCP MD5 of Linux)");
  }

  @ParameterizedTest
  @CsvSource({
    "remote-as, as",
    "Peer_AS, as",
    "description, name",
    "password, password-file",
    "md5, password-file",
    "update-source, local-address",
    "ebgp-multihop, multihop",
    "maximum-prefix, max-prefix",
    "afi-safi, families"
  })
  void aKeyThatRoutersCallOtherwiseIsNamedWithOurs(String theirs, String ours) {
    assertThat(problems(GOOD + "    " + theirs + ": 5\n"))
        .singleElement()
        .asString()
        .startsWith(
            "FILE:6: unknown key '" + theirs + "' in a neighbor; did you mean " + ours + "? ");
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

  /// As on a kernel that cannot sign with TCP-AO for this reason, or can if that is empty.
  private Configuration signing(String yaml, String whyNot) throws IOException, BadConfiguration {
    Path file = Files.writeString(directory.resolve("bgp-peer.yaml"), yaml);
    return ConfigurationReader.read(YamlFile.read(file), directory, new HashMap<>(), _ -> whyNot);
  }

  private List<String> problems(String yaml) {
    return problemsOf(() -> read(yaml));
  }

  private List<String> problemsOf(ThrowingCallable reading) {
    var e = catchThrowableOfType(BadConfiguration.class, reading);
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
