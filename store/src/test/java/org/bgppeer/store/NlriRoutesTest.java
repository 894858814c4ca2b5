package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.bgppeer.store.RouteQuery.Match;
import org.bgppeer.wire.Prefix;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.Updates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Routes that are not just prefixes, in the database like all others.
@ParameterizedClass
@EnumSource(Kind.class)
class NlriRoutesTest {
  private final Kind kind;

  NlriRoutesTest(Kind kind) {
    this.kind = kind;
  }

  private static final String A = "192.0.2.1";
  private static final long AS_A = 64500;
  private static final String VPN = "000180";
  private static final String LABELED = "000104";
  private static final String ROUTES =
      "SELECT family, prefix, details, next_hop, active, reason FROM routes ORDER BY family,"
          + " prefix";
  private static final String RD_100 = "0000fbf400000064";
  private static final String NET = "c00002"; // 192.0.2.0/24
  private static final String TEXT = "64500:100 192.0.2.0/24";

  @TempDir Path directory;
  private Story story;

  @BeforeEach
  void begin() throws Exception {
    story = new Story(directory, kind).up(A, AS_A);
  }

  @AfterEach
  void end() throws Exception {
    story.close();
  }

  private static Updates reach(String family, String nlri) {
    String nextHop = family.equals(VPN) ? "0c0000000000000000c0000201" : "04c0000201";
    return attribute(new Updates().origin(0).asPath(AS_A), 14, family + nextHop + "00" + nlri);
  }

  private static Updates unreach(String family, String nlri) {
    return attribute(new Updates(), 15, family + nlri);
  }

  private static Updates attribute(Updates updates, int type, String hex) {
    return updates.attribute(0x80, type, HexFormat.of().parseHex(hex));
  }

  @Test
  void aVpnRouteIsActiveUntilItIsWithdrawnWhateverTheWithdrawalsLabel() throws Exception {
    story.update(A, AS_A, reach(VPN, "7005dc11" + RD_100 + NET)).settle();
    assertThat(story.rows(ROUTES))
        .containsExactly("ipv4-vpn|" + TEXT + "|label 24001|192.0.2.1|1|");

    story.update(A, AS_A, unreach(VPN, "70800000" + RD_100 + NET)).settle();
    assertThat(story.rows(ROUTES))
        .containsExactly("ipv4-vpn|" + TEXT + "|label 24001|192.0.2.1|0|withdrawn");
  }

  @Test
  void anotherLabelIsAnotherVersionAndTheSameOneIsNot() throws Exception {
    story
        .update(A, AS_A, reach(VPN, "7005dc11" + RD_100 + NET))
        .update(A, AS_A, reach(VPN, "7005dc11" + RD_100 + NET))
        .update(A, AS_A, reach(VPN, "7005dc21" + RD_100 + NET))
        .settle();

    var history = story.queries.history(TEXT, 10);

    assertThat(history)
        .extracting(RouteRow::details, RouteRow::reason)
        .containsExactly(tuple("label 24001", "replaced"), tuple("label 24002", null));
    assertThat(story.queries.count(RouteQuery.all(1).withFamily("ipv4-vpn"))).isEqualTo(1);
  }

  @Test
  void withinOneBatchTheSameRouteMayChangeManyTimes() throws Exception {
    String one = "7005dc11" + RD_100 + NET;
    String other = "7005dc11" + "0000fbf400000065" + NET;
    story
        .update(A, AS_A, reach(VPN, one + other))
        .update(A, AS_A, unreach(VPN, one))
        .update(A, AS_A, reach(VPN, "7005dc21" + RD_100 + NET))
        .update(A, AS_A, unreach(VPN, other))
        .settle();

    assertThat(story.rows(ROUTES))
        .containsExactly(
            "ipv4-vpn|64500:100 192.0.2.0/24|label 24002|192.0.2.1|1|",
            "ipv4-vpn|64500:101 192.0.2.0/24|label 24001|192.0.2.1|0|withdrawn");
    assertThat(story.queries.neighbor(A).orElseThrow().active()).isEqualTo(1);
  }

  @Test
  void theEndOfASessionEndsThem() throws Exception {
    story
        .update(A, AS_A, reach(VPN, "7005dc11" + RD_100 + NET))
        .down(A, AS_A, SessionCause.HOLD_TIMER_EXPIRED)
        .settle();

    assertThat(story.rows("SELECT active, reason FROM routes")).containsExactly("0|session-down");
  }

  @Test
  void aPrefixWithLabelsIsFoundAsAPrefix() throws Exception {
    story.update(A, AS_A, reach(LABELED, "3005dc11" + NET)).settle();
    var prefix = Prefix.parse("192.0.2.0/24");

    assertThat(story.queries.longestMatch(Prefix.ofAddress("192.0.2.77"))).contains(prefix);
    assertThat(story.queries.history(prefix, 10))
        .extracting(RouteRow::family, RouteRow::details)
        .containsExactly(tuple("ipv4-labeled-unicast", "label 24001"));
    assertThat(story.rows("SELECT count(*) FROM nlri")).containsExactly("0");
  }

  @Test
  void aKeyThatLooksLikeAPrefixsIsNotTakenForOne() throws Exception {
    // of a family without a codec: 1 + 4 octets, as many as the key of an IPv4 prefix
    story.update(A, AS_A, reach("0001c8", "c0000218")).settle();

    assertThat(story.queries.longestMatch(Prefix.ofAddress("192.0.2.24"))).isEmpty();
    assertThat(story.rows(ROUTES)).containsExactly("ipv4-safi-200|octets 0xc0000218||192.0.2.1|1|");
    assertThat(story.queries.history("octets 0xc0000218", 10)).hasSize(1);
  }

  @Test
  void aPageOfRoutesGoesOnBehindThem() throws Exception {
    story
        .update(A, AS_A, reach(VPN, "7005dc11" + RD_100 + NET + "6805dc11" + RD_100 + "c000"))
        .update(A, AS_A, new Updates().usual(A, AS_A).nlri("198.51.100.0/24"))
        .settle();

    var first = story.queries.routes(RouteQuery.all(1));
    var second = story.queries.routes(RouteQuery.all(1).withAfter(first.next()));
    var third = story.queries.routes(RouteQuery.all(1).withAfter(second.next()));

    assertThat(
            Stream.of(first, second, third)
                .flatMap(page -> page.routes().stream())
                .map(RouteRow::prefix))
        .containsExactly("198.51.100.0/24", "64500:100 192.0.0.0/16", "64500:100 192.0.2.0/24");
    assertThat(third.next()).isNull();
  }

  @Test
  void aVpnRouteIsFoundByThePrefixWithin() throws Exception {
    String evpn = "001946";
    story
        .update(A, AS_A, reach(VPN, "7005dc11" + RD_100 + NET + "6805dc11" + RD_100 + "c000"))
        .update(
            A,
            AS_A,
            reach(
                evpn, // MAC and address, RFC 7432 section 7.2
                "0225 0000fbf400000001 00000000000000000000 00000000 30 00005e005301 20 c0000207"
                        .replace(" ", "")
                    + "000641"))
        .update(A, AS_A, new Updates().usual(A, AS_A).nlri("192.0.2.0/24"))
        .settle();
    String mac = "mac-ip 64500:1 tag 0 mac 00:00:5e:00:53:01 ip 192.0.2.7";
    var all = RouteQuery.all(10).withInner(true);
    var net = Prefix.parse("192.0.2.0/24");
    var address = Prefix.ofAddress("192.0.2.9");

    assertThat(prefixes(all.withPrefix(net, Match.EXACT))).containsExactly("192.0.2.0/24", TEXT);
    assertThat(prefixes(all.withPrefix(address, Match.LONGEST)))
        .containsExactly("192.0.2.0/24", TEXT);
    assertThat(prefixes(all.withPrefix(Prefix.ofAddress("192.0.2.7"), Match.LONGEST)))
        .containsExactly("192.0.2.0/24", mac);
    assertThat(prefixes(all.withPrefix(net, Match.LONGER)))
        .containsExactly("192.0.2.0/24", TEXT, mac);
    assertThat(prefixes(all.withPrefix(net, Match.SHORTER)))
        .containsExactly("192.0.2.0/24", "64500:100 192.0.0.0/16", TEXT);
    assertThat(prefixes(all.withPrefix(net, Match.LONGER).withFamily("l2vpn-evpn")))
        .containsExactly(mac);
    assertThat(story.queries.count(all.withPrefix(net, Match.LONGER))).isEqualTo(3);
    assertThat(prefixes(all.withPrefix(Prefix.ofAddress("2001:db8::1"), Match.LONGEST))).isEmpty();

    assertThat(prefixes(all.withInner(false).withPrefix(net, Match.LONGER)))
        .containsExactly("192.0.2.0/24");

    var two = all.withLimit(2).withPrefix(net, Match.LONGER);
    var second = story.queries.routes(two.withAfter(story.queries.routes(two).next()));
    assertThat(second.routes()).extracting(RouteRow::prefix).containsExactly(mac);
    assertThat(second.next()).isNull();
  }

  private List<String> prefixes(RouteQuery query) {
    return story.queries.routes(query).routes().stream().map(RouteRow::prefix).toList();
  }

  @Test
  void aQueryForItsTextFindsIt() throws Exception {
    story.update(A, AS_A, reach(VPN, "7005dc11" + RD_100 + NET)).settle();

    assertThat(story.queries.routes(RouteQuery.all(10).withNlri(TEXT)).routes()).hasSize(1);
    assertThat(story.queries.count(RouteQuery.all(10).withNlri(TEXT))).isEqualTo(1);
    assertThat(story.queries.routes(RouteQuery.all(10).withNlri("64500:101 192.0.2.0/24")).routes())
        .isEmpty();
  }
}
