package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bgppeer.store.RouteQuery.Match;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Prefix;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.Updates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Kind.class)
class QueriesTest {
  private final Kind kind;

  QueriesTest(Kind kind) {
    this.kind = kind;
  }

  private static final String A = "192.0.2.1";
  private static final String B = "192.0.2.2";

  @TempDir Path directory;
  private Story story;

  @BeforeEach
  void begin() throws Exception {
    story = new Story(directory, kind);
    story
        .up(A, 64500)
        .up(B, 64501)
        .update(
            A,
            64500,
            new Updates()
                .usual(A, 64500, 64511)
                .communities("64500:100", "64500:200")
                .nlri("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.2.0.0/16"))
        .update(B, 64501, new Updates().usual(B, 64501, 64512).nlri("10.1.0.0/16", "10.1.2.0/25"))
        .update(
            B,
            64501,
            new Updates()
                .origin(0)
                .asPath(64501, 64511)
                .mpReach(Family.IPV6_UNICAST, "2001:db8::1", "2001:db8::/32", "2001:db8:1::/48"))
        .settle();
  }

  @AfterEach
  void end() throws Exception {
    story.close();
  }

  private List<String> prefixes(RouteQuery query) {
    return story.queries.routes(query).routes().stream().map(RouteRow::prefix).toList();
  }

  @Test
  void theLongestMatchIsFoundOverAllNeighbors() throws Exception {
    assertThat(story.queries.longestMatch(Prefix.ofAddress("10.1.2.3")))
        .contains(Prefix.parse("10.1.2.0/25"));
    assertThat(story.queries.longestMatch(Prefix.ofAddress("10.1.2.200")))
        .contains(Prefix.parse("10.1.2.0/24"));
    assertThat(story.queries.longestMatch(Prefix.ofAddress("11.0.0.1")))
        .contains(Prefix.parse("0.0.0.0/0"));
    assertThat(story.queries.longestMatch(Prefix.ofAddress("2001:db8:1::5")))
        .contains(Prefix.parse("2001:db8:1::/48"));
    assertThat(story.queries.longestMatch(Prefix.ofAddress("2002::1"))).isEmpty();

    story.update(B, 64501, new Updates().withdraw("10.1.2.0/25")).settle();
    assertThat(story.queries.longestMatch(Prefix.ofAddress("10.1.2.3")))
        .contains(Prefix.parse("10.1.2.0/24"));
  }

  @Test
  void theLongestMatchIsWhatALookAtAllPrefixesFinds() throws Exception {
    var random = new Random(1);
    for (int i = 0; i < 80; i++) {
      boolean ofA = random.nextBoolean();
      byte[] address = Prefix.ofAddress(near(random)).address();
      String prefix = Prefix.of(address, 9 + random.nextInt(24)).toString();
      var update = new Updates().usual(ofA ? A : B, ofA ? 64500 : 64501, 64510);
      story.update(ofA ? A : B, ofA ? 64500 : 64501, update.nlri(prefix));
      if (random.nextInt(3) == 0) {
        story.update(ofA ? A : B, ofA ? 64500 : 64501, new Updates().withdraw(prefix));
      }
    }
    story.settle();
    var prefixes = new HashMap<Prefix, Boolean>(); // to whether a route of it is active
    for (String row :
        story.rows("SELECT prefix, active FROM routes WHERE family = 'ipv4-unicast'")) {
      String[] fields = row.split("[|]");
      prefixes.merge(Prefix.parse(fields[0]), fields[1].matches("1|t"), Boolean::logicalOr);
    }
    assertThat(prefixes).containsValues(true, false);

    for (int i = 0; i < 300; i++) {
      var address = Prefix.ofAddress(near(random));
      var longest =
          prefixes.keySet().stream()
              .filter(prefix -> prefix.contains(address))
              .max(
                  Comparator.<Prefix, Boolean>comparing(prefixes::get)
                      .thenComparing(Prefix::length));
      assertThat(story.queries.longestMatch(address)).as(address.toString()).isEqualTo(longest);
    }
  }

  /// An address that has some of its first bits in common with many others.
  private static String near(Random random) {
    var octets = new StringBuilder("10");
    for (int i = 0; i < 3; i++) {
      octets.append('.').append(random.nextInt(4) == 0 ? random.nextInt(256) : 64);
    }
    return octets.toString();
  }

  @Test
  void coveringAndMoreSpecificPrefixesAreListedInOrder() {
    assertThat(story.queries.covering(Prefix.parse("10.1.2.0/24")))
        .extracting(PrefixRow::prefix)
        .containsExactly("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16");
    assertThat(story.queries.moreSpecific(Prefix.parse("10.0.0.0/8"), null, 10))
        .extracting(PrefixRow::prefix)
        .containsExactly("10.1.0.0/16", "10.1.2.0/24", "10.1.2.0/25", "10.2.0.0/16");
    assertThat(
            story.queries.moreSpecific(Prefix.parse("10.0.0.0/8"), Prefix.parse("10.1.2.0/24"), 10))
        .extracting(PrefixRow::prefix)
        .containsExactly("10.1.2.0/25", "10.2.0.0/16");
    assertThat(story.queries.moreSpecific(Prefix.parse("10.0.0.0/8"), null, 1).getFirst())
        .isEqualTo(new PrefixRow("ipv4-unicast", "10.1.0.0/16", List.of(64511L, 64512L), 2, 0, 2));
  }

  @Test
  void ofAPrefixThatAnAsOriginatesTheOtherOriginsAreToldToo() {
    assertThat(story.queries.originated(64511, Prefix.parse("10.0.0.0/8"), 1).rows())
        .containsExactly(
            new PrefixRow("ipv4-unicast", "10.1.0.0/16", List.of(64511L, 64512L), 2, 0, 2));
    assertThat(story.queries.originated(64512, null, 10).rows())
        .extracting(PrefixRow::prefix)
        .containsExactly("10.1.0.0/16", "10.1.2.0/25");
  }

  @Test
  void whatAnAsOriginatesIsFoundBehindManyPrefixesThatItDoesNotAnyMore() throws Exception {
    var moved = new ArrayList<String>();
    for (int i = 0; i < 30; i++) {
      moved.add("192.0." + i + ".0/24");
    }
    String[] all = moved.toArray(String[]::new);
    story
        .update(A, 64500, new Updates().usual(A, 64500, 64513).nlri(all))
        .update(B, 64501, new Updates().usual(B, 64501, 64513).nlri(all))
        .update(A, 64500, new Updates().usual(A, 64500, 64511).nlri(all))
        .update(B, 64501, new Updates().usual(B, 64501, 64511).nlri(all))
        .update(B, 64501, new Updates().usual(B, 64501, 64513).nlri("192.0.17.0/24"))
        .update(B, 64501, new Updates().usual(B, 64501, 64513).nlri("192.0.18.0/24"))
        .settle();
    var queries = new SqlQueries(story.database, story.database.readers(), null, 10);

    assertThat(queries.originated(64513, null, 1))
        .as("five prefixes of two neighbors are looked at, and there may be more")
        .isEqualTo(new Queries.Originated(List.of(), Prefix.parse("192.0.4.0/24")));
    assertThat(queries.originated(64513, Prefix.parse("192.0.14.0/24"), 1))
        .as("more are found than asked for, and told of")
        .isEqualTo(
            new Queries.Originated(
                List.of(
                    new PrefixRow(
                        "ipv4-unicast", "192.0.17.0/24", List.of(64511L, 64513L), 2, 0, 2)),
                Prefix.parse("192.0.17.0/24")));
    assertThat(queries.originated(64513, Prefix.parse("192.0.25.0/24"), 50))
        .isEqualTo(new Queries.Originated(List.of(), null));
    assertThat(queries.originRoutes(64513, 50).all()).isFalse();
    assertThat(story.queries.originated(64513, null, 50).rows())
        .extracting(PrefixRow::prefix)
        .containsExactly("192.0.17.0/24", "192.0.18.0/24");
    assertThat(story.queries.originRoutes(64513, 50))
        .isEqualTo(
            Queries.OriginRoutes.of(story.queries.routes(RouteQuery.all(50).withOriginAs(64513L))));
  }

  @Test
  void routesAreMatchedByPrefixInFourWays() {
    var prefix = Prefix.parse("10.1.0.0/16");
    var all = RouteQuery.all(100);
    assertThat(prefixes(all.withPrefix(prefix, Match.EXACT)))
        .containsExactly("10.1.0.0/16", "10.1.0.0/16");
    assertThat(prefixes(all.withPrefix(prefix, Match.LONGER)))
        .containsExactly("10.1.0.0/16", "10.1.2.0/24", "10.1.0.0/16", "10.1.2.0/25");
    assertThat(prefixes(all.withPrefix(prefix, Match.SHORTER)))
        .containsExactly("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.0.0/16");
    assertThat(prefixes(all.withPrefix(Prefix.ofAddress("10.2.3.4"), Match.LONGEST)))
        .containsExactly("10.2.0.0/16");
  }

  @Test
  void routesAreMatchedByTheirAttributes() {
    var all = RouteQuery.all(100);
    assertThat(prefixes(all.withOriginAs(64511L).withNeighbor(B)))
        .containsExactly("2001:db8::/32", "2001:db8:1::/48");
    assertThat(prefixes(all.withAsPath("^64501 64512$"))).hasSize(2);
    assertThat(prefixes(all.withCommunity("64500:200"))).hasSize(5);
    assertThat(prefixes(all.withCommunity("64500:*"))).hasSize(5);
    assertThat(prefixes(all.withCommunity("64500:20"))).isEmpty();
    assertThat(prefixes(all.withNextHop("2001:db8::1"))).hasSize(2);
    assertThat(prefixes(all.withFamily("ipv6-unicast"))).hasSize(2);
    assertThat(story.queries.count(all)).isEqualTo(9);
    assertThat(story.queries.count(all.withOriginAs(64512L))).isEqualTo(2);
    assertThatThrownBy(() -> story.queries.routes(all.withAsPath("(")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("regular expression");
  }

  @Test
  void routesAreMatchedByAnAsAnywhereInTheirPath() throws Exception {
    story
        .update(
            A,
            64500,
            new Updates()
                .origin(0)
                .attribute(0x40, 2, "0201 0000fbf4 0102 0000fbf5 0000fbf6") // 64500 {64501,64502}
                .nextHop(A)
                .nlri("10.9.0.0/16"))
        .settle();
    var all = RouteQuery.all(100);

    assertThat(prefixes(all.withPathAs(64502L))).containsExactly("10.9.0.0/16");
    assertThat(prefixes(all.withPathAs(64500L))).hasSize(6);
    assertThat(prefixes(all.withPathAs(6450L))).isEmpty();
    assertThat(
            prefixes(all.withPathAs(64512L).withPrefix(Prefix.parse("10.0.0.0/8"), Match.LONGER)))
        .containsExactly("10.1.0.0/16", "10.1.2.0/25");
    assertThat(prefixes(all.withAsPath("_64502_"))).containsExactly("10.9.0.0/16");
    assertThat(prefixes(all.withAsPath("_6450_"))).isEmpty();
    assertThat(prefixes(all.withAsPath("^64501_64512$"))).hasSize(2);
  }

  @Test
  void routesAreMatchedByTheReasonThatTheyAreNotActive() throws Exception {
    story
        .update(A, 64500, new Updates().withdraw("10.1.2.0/24"))
        .down(B, 64501, SessionCause.CONNECTION_RESET)
        .settle();
    var all = RouteQuery.all(100);

    assertThat(prefixes(all.withReason("withdrawn"))).containsExactly("10.1.2.0/24");
    assertThat(prefixes(all.withReason("session-down"))).hasSize(4);
    assertThat(story.queries.count(all.withReason("session-down"))).isEqualTo(4);
    assertThat(prefixes(all.withReason("treat-as-withdraw"))).isEmpty();
  }

  @Test
  void aCommunityIsMatchedAsAWholeOfItsKind() throws Exception {
    story
        .update(
            B,
            64501,
            new Updates()
                .usual(B, 64501, 64513)
                .communities("65535:65281", "64501:7")
                .largeCommunities("64501:7:1")
                .attribute(0xc0, 16, "0002fbf400000064 0003fbf400000007")
                .nlri("10.7.0.0/16"))
        .settle();
    var all = RouteQuery.all(100);

    for (String found :
        List.of(
            "no-export",
            "64501:7",
            "64501:*",
            "64501:7:1",
            "*:7:1",
            "rt:64500:100",
            "ro:64500:7",
            "rt:64500:*")) {
      assertThat(prefixes(all.withCommunity(found))).as(found).containsExactly("10.7.0.0/16");
    }
    for (String none :
        List.of("blackhole", "7:1", "64501:7:*1*0", "rt:64500:10", "soo:64500:100")) {
      assertThat(prefixes(all.withCommunity(none))).as(none).isEmpty();
    }
    assertThatThrownBy(() -> story.queries.routes(all.withCommunity("export")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no-export");
  }

  @Test
  void theOldestMomentIsThatOfTheFirstWord() throws Exception {
    assertThat(story.queries.oldest()).isEqualTo(Story.BEGIN.plusSeconds(1));
    assertThat(story.queries.neighbors(Story.BEGIN)).isEmpty();
  }

  @Test
  void pagesFollowEachOtherWithoutGapOrRepetition() {
    var whole = prefixes(RouteQuery.all(100));
    var paged = new ArrayList<String>();
    var query = RouteQuery.all(2);
    while (true) {
      var page = story.queries.routes(query);
      page.routes().forEach(route -> paged.add(route.prefix()));
      if (page.next() == null) {
        break;
      }
      query = query.withAfter(page.next());
    }
    assertThat(paged).hasSize(9).isEqualTo(whole);
    assertThatThrownBy(() -> story.queries.routes(RouteQuery.all(1).withAfter("nonsense")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aMomentOfThePastIsAsItWas() throws Exception {
    var then = story.now();
    story
        .pass(Duration.ofMinutes(5))
        .update(A, 64500, new Updates().usual(A, 64500, 65000).nlri("10.2.0.0/16"))
        .update(A, 64500, new Updates().withdraw("10.1.2.0/24"))
        .down(B, 64501, SessionCause.CONNECTION_RESET)
        .settle();

    var past = story.queries.routes(RouteQuery.all(100).withAt(then)).routes();
    assertThat(past).hasSize(9).allMatch(RouteRow::active);
    assertThat(past.stream().filter(r -> r.prefix().equals("10.2.0.0/16")).toList())
        .extracting(RouteRow::originAs)
        .containsExactly(64511L);
    assertThat(story.queries.routes(RouteQuery.all(100).withAt(story.now())).routes()).hasSize(4);
    assertThat(story.queries.count(RouteQuery.all(1).withActive(true))).isEqualTo(4);
  }

  @Test
  void packetsAreListedNewestFirstAndPageWithoutGap() {
    var all = story.queries.packets(new PacketQuery(null, null, false, null, null, null, null, 99));
    assertThat(all).hasSize(7).isSortedAccordingTo((x, y) -> Long.compare(y.id(), x.id()));
    var older =
        story.queries.packets(
            new PacketQuery(null, null, false, null, null, all.get(2).id(), null, 2));
    assertThat(older).isEqualTo(all.subList(3, 5));
    var newer =
        story.queries.packets(
            new PacketQuery(null, null, false, null, null, null, all.get(2).id(), 9));
    assertThat(newer).isEqualTo(List.of(all.get(1), all.get(0)));
    assertThat(story.queries.packets(new PacketQuery(A, 2, false, null, null, null, null, 9)))
        .hasSize(1)
        .allMatch(packet -> packet.neighbor().equals(A) && packet.type() == 2);
    assertThat(story.queries.packet(all.getFirst().id())).contains(all.getFirst());
  }

  @Test
  void packetsOfAPrefixAreThoseThatAnnounceOrWithdrawExactlyIt() throws Exception {
    story
        .update(A, 64500, new Updates().withdraw("10.1.2.0/24"))
        .update(A, 64500, new Updates().usual(A, 64500, 64511).nlri("10.1.2.0/25"))
        .settle();
    var any = new PacketQuery(null, null, false, null, null, null, null, 9).patiently();

    assertThat(story.queries.packets(any.withPrefix(Prefix.parse("10.1.2.0/24"))))
        .hasSize(2)
        .allMatch(packet -> packet.neighbor().equals(A));
    assertThat(story.queries.packets(any.withPrefix(Prefix.parse("10.1.2.0/25"))))
        .extracting(PacketRow::neighbor)
        .containsExactly(A, B);
    assertThat(story.queries.packets(any.withPrefix(Prefix.parse("2001:db8::/32"))))
        .extracting(PacketRow::neighbor)
        .containsExactly(B);
    assertThat(story.queries.packets(any.withPrefix(Prefix.parse("10.1.0.0/17")))).isEmpty();
    assertThat(story.queries.packets(any.withPrefix(Prefix.parse("0.0.0.0/0"))))
        .extracting(PacketRow::neighbor)
        .containsExactly(A);
  }

  @Test
  void countsOverTimeRepeatTheLastOne() throws Exception {
    story
        .pass(Duration.ofMinutes(3))
        .update(A, 64500, new Updates().withdraw("10.1.2.0/24"))
        .settle();

    var counts =
        story.queries.counts(A, Story.BEGIN, Story.BEGIN.plusSeconds(300), Duration.ofMinutes(1));

    assertThat(counts).extracting(CountPoint::active).containsExactly(5L, 5L, 5L, 4L, 4L, 4L);
    assertThat(counts.getFirst().announced()).isEqualTo(5);
    assertThat(counts.get(3).withdrawn()).isEqualTo(1);
    var everybody =
        story.queries.counts(null, Story.BEGIN, Story.BEGIN.plusSeconds(60), Duration.ofMinutes(1));
    assertThat(everybody.getFirst().active()).isEqualTo(9);
    assertThat(ofFamily("ipv4-unicast")).isEqualTo(counts);
    assertThat(ofFamily("ipv6-unicast"))
        .extracting(CountPoint::active, CountPoint::announced)
        .containsOnly(tuple(0L, 0L));
  }

  private List<CountPoint> ofFamily(String family) throws Exception {
    return story.queries.counts(
        A, family, Story.BEGIN, Story.BEGIN.plusSeconds(300), Duration.ofMinutes(1));
  }

  @Test
  void ofAMinuteIsToldHowMuchCameOfEachNeighbor() throws Exception {
    story
        .pass(Duration.ofMinutes(3))
        .update(A, 64500, new Updates().withdraw("10.1.2.0/24"))
        .settle();
    long a = story.queries.neighbor(A).orElseThrow().id();
    long b = story.queries.neighbor(B).orElseThrow().id();

    assertThat(story.queries.changesIn(Story.BEGIN)).isEqualTo(Map.of(a, 5L, b, 4L));
    assertThat(story.queries.changesIn(Story.BEGIN.plusSeconds(180))).isEqualTo(Map.of(a, 1L));
    assertThat(story.queries.changesIn(Story.BEGIN.plusSeconds(60))).isEmpty();
    assertThat(story.queries.changes(Story.BEGIN.minusSeconds(120), Duration.ofMinutes(2), 3))
        .containsOnly(entry(a, new long[] {0, 5, 1}), entry(b, new long[] {0, 4, 0}));
    assertThat(story.queries.changes(Story.BEGIN.minusSeconds(120), Duration.ofMinutes(2), 2))
        .containsOnly(entry(a, new long[] {0, 5}), entry(b, new long[] {0, 4}));
  }

  @Test
  void sessionsHealthAndChangesAreAnswered() throws Exception {
    story
        .update(A, 64500, new Updates().usual(A, 64500, 65000).nlri("10.2.0.0/16"))
        .down(B, 64501, SessionCause.CONNECTION_RESET)
        .settle();

    assertThat(story.queries.sessions(null, null, 10))
        .extracting(SessionRow::neighbor)
        .containsExactly(B, A);
    assertThat(story.queries.sessions(A, null, 10).getFirst().updates()).isEqualTo(2);
    assertThat(story.queries.sessionsSince(story.now(), 10)).hasSize(2);
    assertThat(story.queries.sessionsSince(story.now().plusSeconds(1), 10))
        .extracting(SessionRow::neighbor)
        .containsExactly(A);
    assertThat(story.queries.mostChanging(Story.BEGIN, 5))
        .containsExactly(new Queries.Changes("ipv4-unicast", "10.2.0.0/16", 1));
    assertThat(story.queries.health().projectedAt()).isEqualTo(story.now());
    assertThat(story.queries.originated(64511, null, 10).rows())
        .extracting(PrefixRow::prefix)
        .contains("10.0.0.0/8", "10.1.0.0/16")
        .doesNotContain("10.2.0.0/16", "2001:db8::/32");
  }

  @Test
  void aMutedNeighborIsSeenByWhoAsksForItAloneAndNothingIsLost() throws Exception {
    story.mute(B, true).restartProjector();

    assertThat(story.queries.muted()).containsExactly(B);
    assertThat(prefixes(RouteQuery.all(100)))
        .containsExactly("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.2.0.0/16");
    assertThat(story.queries.count(RouteQuery.all(100))).isEqualTo(5);
    assertThat(story.queries.longestMatch(Prefix.ofAddress("10.1.2.3")))
        .contains(Prefix.parse("10.1.2.0/24"));
    assertThat(story.queries.longestMatch(Prefix.ofAddress("2001:db8:1::5"))).isEmpty();
    assertThat(story.queries.history(Prefix.parse("2001:db8::/32"), 10)).isEmpty();
    assertThat(story.queries.originated(64512, null, 10).rows()).isEmpty();
    assertThat(prefixes(RouteQuery.all(100).withNeighbor(B)))
        .containsExactly("10.1.0.0/16", "10.1.2.0/25", "2001:db8::/32", "2001:db8:1::/48");
    assertThat(story.queries.neighbors()).extracting(NeighborRow::name).contains(B);
    var updates = new PacketQuery(null, 2, false, null, null, null, null, 100);
    assertThat(story.queries.packets(updates)).extracting(PacketRow::neighbor).containsOnly(A);
    assertThat(story.queries.packets(new PacketQuery(B, 2, false, null, null, null, null, 100)))
        .isNotEmpty();
    assertThat(story.queries.packets(new PacketQuery(null, 1, false, null, null, null, null, 100)))
        .as("its session is no secret")
        .extracting(PacketRow::neighbor)
        .contains(B);

    story.update(B, 64501, new Updates().usual(B, 64501, 64512).nlri("10.9.0.0/16")).mute(B, false);

    assertThat(story.queries.muted()).isEmpty();
    assertThat(prefixes(RouteQuery.all(100))).hasSize(10).contains("10.9.0.0/16");
  }
}
