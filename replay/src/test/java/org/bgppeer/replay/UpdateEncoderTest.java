package org.bgppeer.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bgppeer.replay.RouteAttributes.Aggregator;
import org.bgppeer.replay.RouteAttributes.LargeCommunity;
import org.bgppeer.wire.AsPath;
import org.bgppeer.wire.AtomicAggregate;
import org.bgppeer.wire.AttributeSet;
import org.bgppeer.wire.Communities;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.ExtendedCommunities;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Framing;
import org.bgppeer.wire.LargeCommunities;
import org.bgppeer.wire.MultiExitDisc;
import org.bgppeer.wire.NextHop;
import org.bgppeer.wire.Prefix;
import org.bgppeer.wire.Update;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpdateEncoderTest {
  private static final Family V4 = Family.IPV4_UNICAST;
  private static final Family V6 = Family.IPV6_UNICAST;
  private static final UpdateEncoder AS4 = new UpdateEncoder(true, Set.of(), 4096);

  private static RouteAttributes attributes(String nextHop, List<Long> path) {
    return new RouteAttributes(
        2,
        path,
        InetAddress.ofLiteral(nextHop),
        30L,
        new Aggregator(396982, InetAddress.ofLiteral("192.0.2.99")),
        List.of(64500L << 16 | 200, 64500L << 16 | 3100),
        List.of(new LargeCommunity(396982, 1, 7)),
        List.of(0x0002_fbf4_0000_0064L));
  }

  private static List<Nlri> routes(String... prefixes) {
    var routes = new ArrayList<Nlri>();
    for (String prefix : prefixes) {
      routes.add(new Nlri(Prefix.parse(prefix), 1 + routes.size()));
    }
    return routes;
  }

  private static Update decode(byte[] message, DecodeContext context) {
    assertThat(Framing.length(message, 0)).isEqualTo(message.length);
    var update = Update.decode(message, 0, message.length, context);
    assertThat(update.findings()).isEmpty();
    return update;
  }

  private static List<RouteKey> announced(Update update) {
    return update.announced().stream().flatMap(b -> ScriptedCollector.keys(b).stream()).toList();
  }

  private static List<RouteKey> withdrawn(Update update) {
    return update.withdrawn().stream().flatMap(b -> ScriptedCollector.keys(b).stream()).toList();
  }

  @Test
  void whatIsAnnouncedForIpv4IsWhatIsRead() {
    var sent = attributes("192.0.2.1", List.of(64500L, 1299L, 396982L));
    var messages = AS4.announce(V4, sent, routes("8.8.8.0/24", "0.0.0.0/0", "198.51.100.64/26"));

    assertThat(messages).hasSize(1);
    var update = decode(messages.getFirst(), DecodeContext.AS4);
    assertThat(announced(update))
        .containsExactly(
            new RouteKey(V4, "8.8.8.0/24", -1),
            new RouteKey(V4, "0.0.0.0/0", -1),
            new RouteKey(V4, "198.51.100.64/26", -1));
    assertThat(update.attribute(AsPath.class)).hasToString("64500 1299 396982");
    assertThat(update.attribute(NextHop.class)).hasToString("192.0.2.1");
    assertThat(update.attribute(MultiExitDisc.class)).hasToString("30");
    assertThat(update.attribute(AtomicAggregate.class)).isNotNull();
    assertThat(update.attribute(org.bgppeer.wire.Aggregator.class))
        .hasToString("396982 192.0.2.99");
    assertThat(update.attribute(Communities.class)).hasToString("64500:200 64500:3100");
    assertThat(update.attribute(LargeCommunities.class)).hasToString("396982:1:7");
    assertThat(update.attribute(ExtendedCommunities.class)).hasToString("rt:64500:100");
  }

  @Test
  void whatIsAnnouncedForIpv6IsWhatIsRead() {
    var sent = attributes("2001:db8::1", List.of(64500L, 1299L, 396982L));
    var messages = AS4.announce(V6, sent, routes("2001:4860::/32", "::/0"));

    assertThat(messages).hasSize(1);
    var update = decode(messages.getFirst(), DecodeContext.AS4);
    assertThat(announced(update))
        .containsExactly(new RouteKey(V6, "2001:4860::/32", -1), new RouteKey(V6, "::/0", -1));
    var block = update.announced().getFirst();
    assertThat(AttributeSet.decode(update.attributeSet(block)).nextHop()).isEqualTo("2001:db8::1");
    assertThat(update.attribute(NextHop.class)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ipv4-unicast", "ipv6-unicast"})
  void whatIsWithdrawnIsWhatIsRead(String name) {
    var family = Family.parse(name);
    var routes =
        family.isIpv6()
            ? routes("2001:7fd::/48", "2620:fe::/48")
            : routes("1.1.1.0/24", "9.0.0.0/8");
    var messages = AS4.withdraw(family, routes);

    assertThat(messages).hasSize(1);
    var update = decode(messages.getFirst(), DecodeContext.AS4);
    assertThat(withdrawn(update))
        .isEqualTo(
            routes.stream().map(r -> new RouteKey(family, r.prefix().toString(), -1)).toList());
    assertThat(update.announced()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ipv4-unicast", "ipv6-unicast"})
  void endOfRibIsReadAsThatOfItsFamily(String name) {
    var update = decode(AS4.endOfRib(Family.parse(name)), DecodeContext.AS4);

    assertThat(update.endOfRib()).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ipv4-unicast", "ipv6-unicast"})
  void pathIdentifiersTravelWhereTheyWereAgreed(String name) {
    var family = Family.parse(name);
    var encoder = new UpdateEncoder(true, Set.of(family), 4096);
    var context = DecodeContext.AS4.withAddPath(Set.of(family));
    String prefix = family.isIpv6() ? "2001:7fd::/48" : "193.0.14.0/24";
    var routes =
        List.of(new Nlri(Prefix.parse(prefix), 1), new Nlri(Prefix.parse(prefix), 0xffff_ffffL));
    var keys = List.of(new RouteKey(family, prefix, 1), new RouteKey(family, prefix, 0xffff_ffffL));
    var sent = attributes(family.isIpv6() ? "2001:db8::1" : "192.0.2.1", List.of(25152L));

    assertThat(announced(decode(encoder.announce(family, sent, routes).getFirst(), context)))
        .isEqualTo(keys);
    assertThat(withdrawn(decode(encoder.withdraw(family, routes).getFirst(), context)))
        .isEqualTo(keys);
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 65535})
  void manyRoutesAreSplitIntoMessagesThatAreFullButNotTooLong(int maxLength) {
    var encoder = new UpdateEncoder(true, Set.of(), maxLength);
    for (var family : List.of(V4, V6)) {
      var routes =
          IntStream.range(0, 20_000)
              .mapToObj(
                  i ->
                      Prefix.parse(
                          family.isIpv6()
                              ? "2001:db8:" + Integer.toHexString(i) + "::/48"
                              : "10." + i / 256 + "." + i % 256 + ".0/24"))
              .map(prefix -> new Nlri(prefix, 1))
              .toList();
      var sent = attributes(family.isIpv6() ? "2001:db8::1" : "192.0.2.1", List.of(64500L, 174L));
      var announcing = encoder.announce(family, sent, routes);
      var withdrawing = encoder.withdraw(family, routes);

      assertThat(announcing.stream().flatMap(m -> announced(decode(m, DecodeContext.AS4)).stream()))
          .isEqualTo(keys(family, routes));
      assertThat(
              withdrawing.stream().flatMap(m -> withdrawn(decode(m, DecodeContext.AS4)).stream()))
          .isEqualTo(keys(family, routes));
      for (var messages : List.of(announcing, withdrawing)) {
        assertThat(messages.subList(0, messages.size() - 1))
            .allSatisfy(m -> assertThat(m.length).isBetween(maxLength - 7, maxLength));
      }
    }
  }

  private static List<RouteKey> keys(Family family, List<Nlri> routes) {
    return routes.stream().map(r -> new RouteKey(family, r.prefix().toString(), -1)).toList();
  }

  @Test
  void towardsTwoOctetAsNumbersTheLongOnesStandBeside() {
    var encoder = new UpdateEncoder(false, Set.of(), 4096);
    var sent = attributes("192.0.2.1", List.of(64500L, 396982L, 396982L));
    byte[] message = encoder.announce(V4, sent, routes("8.8.8.0/24")).getFirst();

    var update = decode(message, DecodeContext.AS2);
    assertThat(update.attribute(AsPath.class)).hasToString("64500 396982 396982");
    assertThat(update.attribute(org.bgppeer.wire.Aggregator.class))
        .hasToString("396982 192.0.2.99");
    assertThat(HexFormat.of().formatHex(message))
        .as("AS_PATH with AS_TRANS")
        .contains("0203fbf45ba05ba0");
  }

  @Test
  void aPathOfMoreThan255AsesTakesSeveralSegments() {
    var path = LongStream.rangeClosed(1, 300).boxed().toList();
    var update =
        decode(
            AS4.announce(V4, attributes("192.0.2.1", path), routes("8.8.8.0/24")).getFirst(),
            DecodeContext.AS4);

    var read = Objects.requireNonNull(update.attribute(AsPath.class));
    assertThat(read.segments().stream().flatMap(s -> s.ases().stream())).isEqualTo(path);
  }

  @Test
  void attributesThatLeaveNoRoomAreRefused() {
    var path = LongStream.rangeClosed(1, 1100).boxed().toList();

    assertThatThrownBy(() -> AS4.announce(V4, attributes("192.0.2.1", path), routes("8.8.8.0/24")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("8.8.8.0/24");
  }
}
