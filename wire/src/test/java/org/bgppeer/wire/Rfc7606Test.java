package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bgppeer.wire.AttributeType.Assigned.AGGREGATOR;
import static org.bgppeer.wire.AttributeType.Assigned.AS4_AGGREGATOR;
import static org.bgppeer.wire.AttributeType.Assigned.AS4_PATH;
import static org.bgppeer.wire.AttributeType.Assigned.AS_PATH;
import static org.bgppeer.wire.AttributeType.Assigned.MP_REACH_NLRI;
import static org.bgppeer.wire.AttributeType.Assigned.NEXT_HOP;
import static org.bgppeer.wire.AttributeType.Assigned.ORIGIN;
import static org.bgppeer.wire.ErrorHandling.ATTRIBUTE_DISCARD;
import static org.bgppeer.wire.ErrorHandling.NONE;
import static org.bgppeer.wire.ErrorHandling.SESSION_RESET;
import static org.bgppeer.wire.ErrorHandling.TREAT_AS_WITHDRAW;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 7606, and what it leaves of RFC 4271 §6.3: a rule, a test, in the order of the sections.
class Rfc7606Test {
  private static final DecodeContext IBGP = DecodeContext.AS4.withIbgp(true);
  private static final String MARKER = "ff".repeat(16);

  // ---- §3: the UPDATE as a whole

  @Test
  void lengthsThatDoNotFitTheMessageResetTheSession() { // §3 (b)
    var withdrawn = decode(MARKER + "0017 02 0001 0000");
    var attributes = decode(MARKER + "0018 02 0000 0002 00");

    assertThat(withdrawn).satisfies(u -> resets(u, 1, ""));
    assertThat(attributes).satisfies(u -> resets(u, 1, ""));
    assertThat(only(attributes).rule()).isEqualTo("RFC 7606 3(b)");
  }

  @ParameterizedTest
  @CsvSource({
    // flags, type, value
    "c0, 1, 00",
    "80, 2, 0201 0000fbf4",
    "80, 3, c0000201",
    "40, 4, 00000001",
    "40, 8, fbf40001",
    "80, 16, 0002fbf400000001",
    "80, 32, 0000fbf40000000100000002",
    "80, 25, 0002 20010db8000000000000000000000001 0001",
  })
  void wrongFlagsOfAnAttributeWithdrawTheRoutes(String flags, int type, String value) { // §3 (c)
    var update = withInsteadOfUsual(Integer.parseInt(flags, 16), type, value).decode();

    assertThat(update.handling()).isEqualTo(TREAT_AS_WITHDRAW);
    assertThat(only(update).rule()).isEqualTo("RFC 7606 3(c)");
    assertThat(only(update).subcode()).isEqualTo(4);
  }

  @Test
  void thePartialAndExtendedLengthFlagsAreNoConflict() { // §3 (c): Optional and Transitive alone
    var update =
        new Updates()
            .attribute(0x60, 1, "00")
            .attribute(0x50, 2, "0201 0000fbf4")
            .attribute(0x70, 3, "c0000201")
            .attribute(0xe0, 8, "fbf40001")
            .nlri("198.51.100.0/24")
            .decode();

    assertThat(update.findings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aMissingWellKnownAttributeWithdrawsTheRoutes(int missing) { // §3 (d)
    var update = usualWithout(missing).nlri("198.51.100.0/24").decode();

    assertThat(update.handling()).isEqualTo(TREAT_AS_WITHDRAW);
    assertThat(only(update).attribute()).isEqualTo(AttributeType.of(missing));
    assertThat(only(update).subcode()).isEqualTo(3);
    assertThat(only(update).reason()).isEqualTo("is missing");
    assertThat(only(update).octets()).isEqualTo(Octets.EMPTY);
    assertThat(Updates.routes(update.announced())).containsExactly("198.51.100.0/24");
  }

  @Test
  void routesOfMpReachNeedNoNextHopButOriginAndPath() { // §3 (d), RFC 4760 §3
    var good =
        new Updates()
            .mpReach(Family.IPV6_UNICAST, "2001:db8::1", "2001:db8:1::/48")
            .origin(0)
            .asPath(64500);
    var bad = new Updates().mpReach(Family.IPV6_UNICAST, "2001:db8::1", "2001:db8:1::/48");

    assertThat(good.decode().findings()).isEmpty();
    assertThat(bad.decode().handling()).isEqualTo(TREAT_AS_WITHDRAW);
    assertThat(bad.decode().findings())
        .extracting(Finding::attribute)
        .containsExactly(ORIGIN, AS_PATH);
  }

  @Test
  void routesInBothPlacesNeedANextHopForThoseOfTheField() { // §3 (d)
    var update =
        new Updates()
            .mpReach(Family.IPV6_UNICAST, "2001:db8::1", "2001:db8:1::/48")
            .origin(0)
            .asPath(64500)
            .nlri("198.51.100.0/24")
            .decode();

    assertThat(only(update).attribute()).isEqualTo(NEXT_HOP);
    assertThat(update.handling()).isEqualTo(TREAT_AS_WITHDRAW);
    assertThat(Updates.routes(update.announced()))
        .containsExactly("198.51.100.0/24", "2001:db8:1::/48");
  }

  @Test
  void withoutAnnouncedRoutesNoAttributeIsMandatory() { // §3 (d), §5.2
    assertThat(new Updates().withdraw("198.51.100.0/24").decode().findings()).isEmpty();
    assertThat(new Updates().mpUnreach(Family.IPV6_UNICAST, "2001:db8::/32").decode().findings())
        .isEmpty();
    assertThat(new Updates().origin(0).decode().findings()).isEmpty(); // RFC 4271 §6.3, the end
  }

  @Test
  void errorsOfAtomicAggregateAndAggregatorCostNoRoute() { // §3 (f)
    for (var update :
        List.of(
            usual().attribute(0x80, 6, "").decode(),
            usual().attribute(0x40, 6, "00").decode(),
            usual().attribute(0x40, 7, "0000fbf4 c0000201").decode(),
            usual().attribute(0xc0, 7, "fbf4 c0000201").decode())) {
      assertThat(update.handling()).isEqualTo(ATTRIBUTE_DISCARD);
      assertThat(update.attributes()).hasSize(3);
    }
  }

  @Test
  void aSecondMpReachOrMpUnreachResetsTheSession() { // §3 (g)
    var reach =
        new Updates()
            .mpReach(Family.IPV6_UNICAST, "2001:db8::1", "2001:db8:1::/48")
            .mpReach(Family.IPV6_UNICAST, "2001:db8::1", "2001:db8:2::/48")
            .origin(0)
            .asPath(64500);
    var unreach =
        new Updates()
            .mpUnreach(Family.IPV6_UNICAST, "2001:db8:1::/48")
            .mpUnreach(Family.IPV6_MULTICAST, "2001:db8:2::/48");

    assertThat(reach.decode()).satisfies(u -> resets(u, 1, ""));
    assertThat(unreach.decode()).satisfies(u -> resets(u, 1, ""));
  }

  @Test
  void oneOfEachIsNoRepetition() { // §5.1: be prepared
    var update =
        new Updates()
            .origin(0)
            .asPath(64500)
            .mpUnreach(Family.IPV6_UNICAST, "2001:db8:1::/48")
            .nextHop("192.0.2.1")
            .mpReach(Family.IPV6_UNICAST, "2001:db8::1", "2001:db8:2::/48")
            .withdraw("192.0.2.0/24")
            .nlri("198.51.100.0/24")
            .decode();

    assertThat(update.findings()).isEmpty();
    assertThat(Updates.routes(update.withdrawn()))
        .containsExactly("192.0.2.0/24", "2001:db8:1::/48");
    assertThat(Updates.routes(update.announced()))
        .containsExactly("198.51.100.0/24", "2001:db8:2::/48");
    assertThat(AttributeSet.decode(update.attributeSet(update.announced().get(0))).nextHop())
        .isEqualTo("192.0.2.1");
    assertThat(AttributeSet.decode(update.attributeSet(update.announced().get(1))).nextHop())
        .isEqualTo("2001:db8::1");
  }

  @Test
  void ofRepeatedAttributesTheFirstCounts() { // §3 (g), recognized or not
    var update =
        usual()
            .med(1)
            .med(2)
            .attribute(0xc0, 250, "01")
            .attribute(0xc0, 250, "02")
            .attribute(0x80, 4, "03") // malformed, and not looked at
            .decode();

    assertThat(update.handling()).isEqualTo(ATTRIBUTE_DISCARD);
    assertThat(update.findings())
        .extracting(Finding::reason)
        .containsExactly(
            "appears more than once", "appears more than once", "appears more than once");
    assertThat(update.attribute(MultiExitDisc.class)).isEqualTo(new MultiExitDisc(1));
    assertThat(update.attribute(UnknownAttribute.class))
        .extracting(UnknownAttribute::value)
        .isEqualTo(Octets.ofHex("01"));
    assertThat(AttributeSet.decode(update.attributeSet(update.announced().getFirst())).med())
        .isEqualTo(1);
  }

  @Test
  void ofSeveralErrorsTheStrongestActionIsTaken() { // §3 (h)
    var withdraw = usual().attribute(0x40, 6, "00").attribute(0xc0, 8, "00").decode();
    var reset =
        usual()
            .attribute(0xc0, 8, "00")
            .attribute(0x80, 14, "0001")
            .attribute(0x40, 6, "00")
            .decode();

    assertThat(withdraw.handling()).isEqualTo(TREAT_AS_WITHDRAW);
    assertThat(reset.handling()).isEqualTo(SESSION_RESET);
    assertThat(reset.findings()).hasSize(3);
  }

  @Test
  void withdrawnRoutesAreCheckedAsAnnouncedOnesAre() { // §3 (i), §5.3
    assertThat(new Updates().rawWithdrawn("21 c633640000").decode())
        .satisfies(u -> resets(u, 10, ""));
    assertThat(new Updates().rawWithdrawn("18 c633").decode()).satisfies(u -> resets(u, 10, ""));
    assertThat(usual().rawWithdrawn("18 c633").decode().announced()).isEmpty();
  }

  // ---- §4: lengths of attributes

  @Test
  void anAttributeThatRunsOverTheEndWithdrawsTheRoutesBehindIt() { // §4, first case
    var update = usual().rawAttributes("c008 05 fbf40001").decode();

    assertThat(update.handling()).isEqualTo(TREAT_AS_WITHDRAW);
    assertThat(only(update).toString())
        .isEqualTo("COMMUNITIES: length 5 where 4 octets are left; treat-as-withdraw (RFC 7606 4)");
    assertThat(Updates.routes(update.announced())).containsExactly("198.51.100.0/24");
  }

  @ParameterizedTest
  @ValueSource(strings = {"c0", "c008", "d008 00"})
  void octetsThatMakeNoAttributeWithdrawTheRoutesBehindThem(String rest) { // §4, second case
    var update = usual().rawAttributes(rest).decode();

    assertThat(update.handling()).isEqualTo(TREAT_AS_WITHDRAW);
    assertThat(only(update).rule()).isEqualTo("RFC 7606 4");
    assertThat(Updates.routes(update.announced())).containsExactly("198.51.100.0/24");
  }

  @Test
  void anMpAttributeThatRunsOverTheEndResetsTheSession() { // §3 (j)
    assertThat(usual().rawAttributes("800e 20 0002 01").decode()).satisfies(u -> resets(u, 1, ""));
    assertThat(usual().rawAttributes("800f 04 0002 01").decode()).satisfies(u -> resets(u, 1, ""));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 8, 9, 10, 16, 25, 32, 35})
  void anEmptyAttributeIsMalformed(int type) { // §4, the last paragraph
    int flags = ((AttributeType.Assigned) AttributeType.of(type)).category().flags();

    var update = withInsteadOfUsual(flags, type, "").decode(IBGP);

    assertThat(update.handling()).isEqualTo(TREAT_AS_WITHDRAW);
    assertThat(only(update).subcode()).isEqualTo(5);
  }

  @Test
  void anAsPathAndAnAtomicAggregateMayBeEmpty() { // §4, the last paragraph
    var update =
        new Updates()
            .origin(0)
            .asPath()
            .nextHop("192.0.2.1")
            .localPref(100)
            .attribute(0x40, 6, "")
            .nlri("198.51.100.0/24")
            .decode(IBGP);

    assertThat(update.findings()).isEmpty();
  }

  @Test
  void anUnknownAttributeMayBeEmpty() {
    assertThat(usual().attribute(0xc0, 250, "").decode().findings()).isEmpty();
  }

  // ---- §5: routes

  @Test
  void anErrorWithoutAnnouncedRoutesResetsTheSession() { // §5.2
    var update = new Updates().withdraw("198.51.100.0/24").attribute(0xc0, 8, "fbf400").decode();

    assertThat(update).satisfies(u -> resets(u, 5, "c00803fbf400"));
    assertThat(update.findings())
        .extracting(Finding::rule)
        .containsExactly("RFC 7606 7.8", "RFC 7606 5.2");
    assertThat(update.withdrawn()).isEmpty();
  }

  @Test
  void anMpReachWithoutRoutesIsNoneToWithdrawForAnError() { // §5.2
    var update =
        new Updates().mpReach(Family.IPV6_UNICAST, "2001:db8::1").attribute(0x40, 1, "07").decode();

    assertThat(update).satisfies(u -> resets(u, 6, "40010107"));
  }

  @Test
  void anAttributeListCutShortWithoutRoutesResetsTheSession() { // §5.2
    assertThat(new Updates().rawAttributes("40").decode()).satisfies(u -> resets(u, 1, ""));
  }

  @Test
  void aDiscardedAttributeWithoutAnnouncedRoutesCostsNothingElse() { // §5.2
    var update = new Updates().withdraw("198.51.100.0/24").attribute(0x40, 6, "00").decode();

    assertThat(update.handling()).isEqualTo(ATTRIBUTE_DISCARD);
    assertThat(Updates.routes(update.withdrawn())).containsExactly("198.51.100.0/24");
  }

  @Test
  void announcedRoutesOfAFamilyThatIsNotDecodedAreRoutesTooForThat() { // §5.2
    var update =
        new Updates()
            .attribute(0x80, 14, "0190 c8 04 c0000201 00 0102")
            .origin(9)
            .asPath(64500)
            .decode();

    assertThat(update.handling()).isEqualTo(TREAT_AS_WITHDRAW);
  }

  @Test
  void aPrefixThatIsTooLongResetsTheSession() { // §5.3
    assertThat(usualWithout(0).rawNlri("21 c633640000").decode()).satisfies(u -> resets(u, 10, ""));
    assertThat(
            new Updates()
                .attribute(0x80, 14, "0001 01 04 c0000201 00 21 c633640000")
                .origin(0)
                .asPath(64500)
                .decode())
        .satisfies(u -> resets(u, 9, "800e0f00010104c00002010021c633640000"));
    assertThat(new Updates().attribute(0x80, 15, "0002 01 81" + "00".repeat(17)).decode())
        .satisfies(u -> resets(u, 9, "800f1500020181" + "00".repeat(17)));
  }

  @Test
  void aPrefixThatRunsOverTheEndResetsTheSession() { // §5.3
    assertThat(usualWithout(0).rawNlri("18 c63364 18 c633").decode())
        .satisfies(u -> resets(u, 10, ""));
    assertThat(new Updates().attribute(0x80, 15, "0002 01 30 20010db8").decode())
        .satisfies(u -> resets(u, 9, "800f080002013020010db8"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "000000", "00000001", "00000001 18", "00000001 18 c633"})
  void aPathIdentifierCutShortResetsTheSession(String nlri) { // §5.3, RFC 7911 §3
    var context = Updates.addPath(Family.IPV4_UNICAST, Family.IPV6_UNICAST);

    assertThat(usualWithout(0).rawNlri(nlri).decode(context)).satisfies(u -> resets(u, 10, ""));
    assertThat(new Updates().attribute(0x80, 15, "0002 01" + nlri).decode(context).handling())
        .isEqualTo(SESSION_RESET);
  }

  @Test
  void bitsBehindTheLengthOfAPrefixDoNotMatter() { // RFC 4271 §4.3
    var update = usualWithout(0).rawNlri("11 c633ff 00 20 c0000201").decode();

    assertThat(update.findings()).isEmpty();
    assertThat(Updates.routes(update.announced()))
        .containsExactly("198.51.128.0/17", "0.0.0.0/0", "192.0.2.1/32");
  }

  @ParameterizedTest
  @CsvSource({
    "40, 14, 0002 01 00 00",
    "c0, 14, 0002 01 00 00",
    "c0, 15, 0002 01",
    "40, 15, 0002 01"
  })
  void wrongFlagsOfAnMpAttributeResetTheSession(String flags, int type, String value) { // §5.3
    var update = new Updates().attribute(Integer.parseInt(flags, 16), type, value).decode();

    assertThat(update.handling()).isEqualTo(SESSION_RESET);
    assertThat(update.reset()).isNotNull().extracting(Notification::subcode).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({"14, ''", "14, 0002", "14, 00020110", "15, ''", "15, 0002"})
  void anMpAttributeThatIsTooShortResetsTheSession(int type, String value) { // §5.3
    var update = usual().attribute(0x80, type, value).decode();

    assertThat(update.handling()).isEqualTo(SESSION_RESET);
    assertThat(update.reset()).isNotNull().extracting(Notification::subcode).isEqualTo(9);
  }

  @Test
  void aNonZeroReservedOctetOfMpReachIsIgnored() { // RFC 4760 §3
    var update =
        new Updates()
            .attribute(0x80, 14, "0001 01 04 c0000201 ff 18 c63364")
            .origin(0)
            .asPath(64500)
            .decode();

    assertThat(update.findings()).isEmpty();
    assertThat(Updates.routes(update.announced())).containsExactly("198.51.100.0/24");
  }

  // ---- §7: the attributes

  @ParameterizedTest
  @CsvSource({
    "ORIGIN, 40, 1, 0000, 5, length 2 is not 1", // §7.1
    "ORIGIN, 40, 1, 03, 6, 'value 3 is not 0, 1 or 2'",
    "AS_PATH, 40, 2, 0501 0000fbf4, 11, 'segment type 5 is not 1, 2, 3 or 4'", // §7.2
    "AS_PATH, 40, 2, 0001 0000fbf4, 11, 'segment type 0 is not 1, 2, 3 or 4'",
    "AS_PATH, 40, 2, 0202 0000fbf4, 11, a segment of 2 AS numbers where 4 octets are left",
    "AS_PATH, 40, 2, 0201 0000fbf4 02, 11, one octet is left behind the last segment",
    "AS_PATH, 40, 2, 0200, 11, a segment without AS numbers",
    "AS_PATH, 40, 2, 0201 0000fbf4 0200, 11, a segment without AS numbers",
    "NEXT_HOP, 40, 3, c000020100, 5, length 5 is not 4", // §7.3
    "MULTI_EXIT_DISC, 80, 4, 0001, 5, length 2 is not 4", // §7.4
    "COMMUNITIES, c0, 8, fbf4000100, 5, length 5 is not a non-zero multiple of 4", // §7.8
    "EXTENDED_COMMUNITIES, c0, 16, 0002fbf4, 5, length 4 is not a non-zero multiple of 8", // §7.14
    "IPV6_EXTENDED_COMMUNITIES, c0, 25, 0002, 5, length 2 is not a non-zero multiple of"
        + " 20", // §7.15
    "LARGE_COMMUNITIES, c0, 32, 0000fbf4, 5, length 4 is not a non-zero multiple of 12", // 8092 §6
    "ONLY_TO_CUSTOMER, c0, 35, 0000fb, 5, length 3 is not 4", // RFC 9234 §5
  })
  void aMalformedAttributeWithdrawsTheRoutes(
      String name, String flags, int type, String value, int subcode, String reason) {
    var update = withInsteadOfUsual(Integer.parseInt(flags, 16), type, value).decode();

    assertThat(update.handling()).isEqualTo(TREAT_AS_WITHDRAW);
    assertThat(only(update).attribute()).hasToString(name);
    assertThat(only(update).reason()).isEqualTo(reason);
    assertThat(only(update).subcode()).isEqualTo(subcode);
    assertThat(Updates.routes(update.announced())).containsExactly("198.51.100.0/24");
  }

  @ParameterizedTest
  @CsvSource({"80, 24, 00", "c0, 128, 0000fb", "c0, 22, 00"}) // §7.13, §7.16, RFC 6514 §5
  void soDoMalformedOnesOfMoreStructure(String flags, int type, String value) {
    var update = usual().attribute(Integer.parseInt(flags, 16), type, value).decode(IBGP);

    assertThat(update.handling()).isEqualTo(TREAT_AS_WITHDRAW);
    assertThat(only(update).attribute()).isEqualTo(AttributeType.of(type));
  }

  @Test
  void aFindingSaysWhereItsOctetsAre() {
    var update = usual().attribute(0xc0, 8, "fbf400").decode();

    assertThat(only(update).octets()).isEqualTo(Octets.ofHex("c00803fbf400"));
    byte[] message = usual().attribute(0xc0, 8, "fbf400").build();
    assertThat(Octets.copyOf(message, only(update).offset(), 6)).isEqualTo(only(update).octets());
  }

  @Test
  void segmentsOfAConfederationFromAnExternalNeighborWithdrawTheRoutes() { // RFC 5065 §5
    var confederation = usualWithout(2).attribute(0x40, 2, "0301 0000fde8 0201 0000fbf4");
    confederation.nlri("198.51.100.0/24");

    assertThat(confederation.decode().handling()).isEqualTo(TREAT_AS_WITHDRAW);
    assertThat(only(confederation.decode()).rule()).isEqualTo("RFC 5065 5");
    assertThat(only(confederation.decode()).subcode()).isEqualTo(11);
    assertThat(confederation.decode(IBGP).findings()).isEmpty();
  }

  @Test
  void asZeroInAPathWithdrawsTheRoutes() { // RFC 7607 §2
    var four = usualWithout(2).asPath(64500, 0).nlri("198.51.100.0/24").decode();
    var two = new Updates().as2().usual("192.0.2.1", 0, 64500).nlri("198.51.100.0/24").decode();

    assertThat(four.handling()).isEqualTo(TREAT_AS_WITHDRAW);
    assertThat(only(four)).hasToString("AS_PATH: AS 0; treat-as-withdraw (RFC 7607 2)");
    assertThat(two.handling()).isEqualTo(TREAT_AS_WITHDRAW);
  }

  @Test
  void asZeroElsewhereIsDiscarded() { // RFC 7607 §2
    var four = usual().attribute(0xc0, 7, "00000000 c0000201").decode();
    var two =
        new Updates()
            .as2()
            .usual("192.0.2.1", 64500)
            .attribute(0xc0, 7, "0000 c0000201")
            .attribute(0xc0, 17, "0202 0000fbf4 00000000")
            .attribute(0xc0, 18, "00000000 c0000201")
            .nlri("198.51.100.0/24")
            .decode();

    assertThat(four.handling()).isEqualTo(ATTRIBUTE_DISCARD);
    assertThat(two.handling()).isEqualTo(ATTRIBUTE_DISCARD);
    assertThat(two.findings())
        .extracting(Finding::attribute)
        .containsExactly(AGGREGATOR, AS4_PATH, AS4_AGGREGATOR);
  }

  @Test
  void setsInAPathAreKeptAndMarked() { // RFC 9774
    var external = usualWithout(2).attribute(0x40, 2, "0201 0000fbf4 0101 0000fbf5");
    var internal = usualWithout(2).attribute(0x40, 2, "0401 0000fde8 0201 0000fbf4");

    var update = external.nlri("198.51.100.0/24").decode();

    assertThat(update.handling()).isEqualTo(NONE);
    assertThat(only(update))
        .hasToString("AS_PATH: has an AS_SET, which is deprecated; kept (RFC 9774 3)");
    assertThat(update.attribute(AsPath.class)).hasToString("64500 {64501}");
    assertThat(only(internal.nlri("198.51.100.0/24").decode(IBGP)).reason())
        .isEqualTo("has an AS_CONFED_SET, which is deprecated");
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000000", "00000001", "e0000001", "efffffff", "ffffffff"})
  void aNextHopThatIsNoHostWithdrawsTheRoutes(String address) { // RFC 4271 §6.3, RFC 7606 §3 (e)
    var update = withInsteadOfUsual(0x40, 3, address).decode();

    assertThat(update.handling()).isEqualTo(TREAT_AS_WITHDRAW);
    assertThat(only(update).subcode()).isEqualTo(8);
  }

  @Test
  void aNextHopIsIgnoredIfNoRouteIsInTheField() { // RFC 4760 §3
    var update =
        new Updates()
            .mpReach(Family.IPV6_UNICAST, "2001:db8::1", "2001:db8:1::/48")
            .usual("0.0.0.0", 64500)
            .decode();

    assertThat(update.findings()).isEmpty();
    assertThat(AttributeSet.decode(update.attributeSet(update.announced().getFirst())).nextHop())
        .isEqualTo("2001:db8::1");
  }

  @ParameterizedTest
  @CsvSource({
    "40, 5, 00000064",
    "80, 9, c0000201",
    "80, 10, c0000201",
    "40, 5, 00",
    "80, 9, 00",
    "80, 10, 00"
  })
  void whatOnlyAnInternalNeighborMaySendIsDiscardedFromOthers( // §7.5, §7.9, §7.10
      String flags, int type, String value) {
    var update = usual().attribute(Integer.parseInt(flags, 16), type, value).decode();

    assertThat(update.handling()).isEqualTo(ATTRIBUTE_DISCARD);
    assertThat(only(update).reason()).isEqualTo("from an external neighbor");
    assertThat(update.attributes()).hasSize(3);
    assertThat(AttributeSet.decode(update.attributeSet(update.announced().getFirst())).localPref())
        .isNull();
  }

  @ParameterizedTest
  @CsvSource({"40, 5, 000064", "80, 9, c00002", "80, 10, c000020100"})
  void whatAnInternalNeighborSendsMustBeWellFormed(String flags, int type, String value) {
    var update = usual().attribute(Integer.parseInt(flags, 16), type, value).decode(IBGP);

    assertThat(update.handling()).isEqualTo(TREAT_AS_WITHDRAW);
    assertThat(only(update).subcode()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({"true, fbf4 c0000201", "false, 0000fbf4 c0000201"})
  void anAggregatorOfTheWrongLengthIsDiscarded(boolean as4, String value) { // §7.7
    var builder = as4 ? new Updates() : new Updates().as2();

    var update =
        builder
            .usual("192.0.2.1", 64500)
            .attribute(0xc0, 7, value)
            .nlri("198.51.100.0/24")
            .decode();

    assertThat(update.handling()).isEqualTo(ATTRIBUTE_DISCARD);
    assertThat(only(update).attribute()).isEqualTo(AGGREGATOR);
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "1, 3", "1, 5", "1, 24", "2, 0", "2, 4", "2, 12", "2, 33"})
  void aNextHopOfMpReachThatIsNotOfTheFamilyResetsTheSession(int afi, int octets) { // §7.11
    var out = new WireWriter().u16(afi).u8(1).u8(octets).octets(new byte[octets]).u8(0).u8(0);

    var update =
        new Updates().attribute(0x80, 14, out.toByteArray()).origin(0).asPath(64500).decode();

    assertThat(update.handling()).isEqualTo(SESSION_RESET);
    assertThat(only(update).attribute()).isEqualTo(MP_REACH_NLRI);
    assertThat(update.reset()).isNotNull().extracting(Notification::subcode).isEqualTo(9);
  }

  @ParameterizedTest
  @CsvSource({"1, 4", "1, 16", "1, 32", "2, 16", "2, 32"})
  void aNextHopOfMpReachMayBeOfTheseLengths(int afi, int octets) { // RFC 2545 §3, RFC 8950 §3
    var out = new WireWriter().u16(afi).u8(1).u8(octets).octets(new byte[octets]).u8(0).u8(0);

    var update =
        new Updates().attribute(0x80, 14, out.toByteArray()).origin(0).asPath(64500).decode();

    assertThat(update.findings()).isEmpty();
    assertThat(update.announced().getFirst().nextHop().length()).isEqualTo(octets);
  }

  @Test
  void unknownTypesOfExtendedCommunitiesAreNoError() { // §7.14, §7.15
    var update =
        usual()
            .attribute(0xc0, 16, "ffff000000000000")
            .attribute(0xc0, 25, "ffff" + "00".repeat(18))
            .decode();

    assertThat(update.findings()).isEmpty();
  }

  // ---- other RFCs

  @Test
  void anUnrecognizedWellKnownAttributeResetsTheSession() { // RFC 4271 §6.3
    assertThat(usual().attribute(0x40, 250, "01").decode())
        .satisfies(u -> resets(u, 2, "40fa0101"));
  }

  @Test
  void anUnrecognizedOptionalAttributeIsKept() { // RFC 4271 §5
    var update = usual().attribute(0x80, 250, "01").attribute(0xe0, 251, "02").decode();

    assertThat(update.findings()).isEmpty();
    assertThat(AttributeSet.decode(update.attributeSet(update.announced().getFirst())).other())
        .isEqualTo("ATTRIBUTE_250 01\nATTRIBUTE_251 02");
  }

  @Test
  void theNotificationAboutAMissingAttributeNamesIt() { // RFC 4271 §6.3
    var update = new Updates().asPath(64500).nextHop("192.0.2.1").nlri("198.51.100.0/24").decode();

    assertThat(update.handling()).isEqualTo(TREAT_AS_WITHDRAW);
    assertThat(update.reset()).isNull();
    assertThat(only(update).attribute()).isEqualTo(ORIGIN);
  }

  @Test
  void theNotificationIsNoLongerThanEachNeighborTakes() { // RFC 8654 §5
    var update = new Updates().attribute(0xd0, 8, new byte[5001]).decode();

    var reset = Objects.requireNonNull(update.reset());
    assertThat(reset.encode()).hasSize(4096);
    assertThat(reset.data().toHex()).startsWith("d0081389");
  }

  @Test
  void as4AttributesFromANeighborWithFourOctetsAreDiscarded() { // RFC 6793 §6
    var update =
        usual()
            .attribute(0xc0, 17, "0201 0000fbf4")
            .attribute(0xc0, 18, "0000fbf4 c0000201")
            .decode();

    assertThat(update.handling()).isEqualTo(ATTRIBUTE_DISCARD);
    assertThat(update.findings())
        .extracting(Finding::attribute)
        .containsExactly(AS4_PATH, AS4_AGGREGATOR);
    assertThat(update.attribute(As4Path.class)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "17, ''",
    "17, 0200",
    "17, 020100",
    "17, 0201 0000fbf4 02",
    "17, 0200 0201 0000fbf4",
    "17, 0202 0000fbf4",
    "17, 0501 0000fbf4",
    "18, 0000fbf4 c00002",
    "18, fbf4 c0000201",
  })
  void aMalformedAs4AttributeIsDiscarded(int type, String value) { // RFC 6793 §6
    var update =
        new Updates()
            .as2()
            .usual("192.0.2.1", 64500)
            .attribute(0xc0, type, value)
            .nlri("198.51.100.0/24")
            .decode();

    assertThat(update.handling()).isEqualTo(ATTRIBUTE_DISCARD);
    assertThat(only(update).rule()).isEqualTo("RFC 6793 6");
    assertThat(update.attribute(AsPath.class)).hasToString("64500");
  }

  @Test
  void segmentsOfAConfederationInAs4PathAreLeftOutAndMarked() { // RFC 6793 §6
    var update =
        new Updates()
            .as2()
            .usual("192.0.2.1", 64500, Open.AS_TRANS)
            .attribute(0xc0, 17, "0301 0000fde8 0201 fa56ea01")
            .nlri("198.51.100.0/24")
            .decode();

    assertThat(update.handling()).isEqualTo(NONE);
    assertThat(only(update).attribute()).isEqualTo(AS4_PATH);
    assertThat(update.attribute(AsPath.class)).hasToString("64500 4200000001");
  }

  @Test
  void repeatedLargeCommunitiesAreNoError() { // RFC 8092 §6
    var update = usual().largeCommunities("0:1:2", "0:1:2", "4294967295:0:0").decode();

    assertThat(update.findings()).isEmpty();
    assertThat(update.attribute(LargeCommunities.class)).hasToString("0:1:2 4294967295:0:0");
  }

  @Test
  void theEndOfRibIsToldInBothForms() { // RFC 4724 §2
    assertThat(new Updates().decode().endOfRib()).isEqualTo(Family.IPV4_UNICAST);
    assertThat(new Updates().mpUnreach(Family.IPV4_UNICAST).decode().endOfRib())
        .isEqualTo(Family.IPV4_UNICAST);
    assertThat(new Updates().mpUnreach(Family.IPV6_MULTICAST).decode().endOfRib())
        .isEqualTo(Family.IPV6_MULTICAST);
    assertThat(new Updates().attribute(0x90, 15, "4004 47").decode().endOfRib())
        .isEqualTo(Family.of(16388, 71));
  }

  @Test
  void anythingElseIsNoEndOfRib() { // RFC 4724 §2
    assertThat(new Updates().withdraw("198.51.100.0/24").decode().endOfRib()).isNull();
    assertThat(new Updates().mpUnreach(Family.IPV6_UNICAST, "2001:db8::/32").decode().endOfRib())
        .isNull();
    assertThat(new Updates().mpUnreach(Family.IPV6_UNICAST).origin(0).decode().endOfRib()).isNull();
    assertThat(new Updates().origin(0).decode().endOfRib()).isNull();
    assertThat(new Updates().rawAttributes("00").decode().endOfRib()).isNull();
    assertThat(new Updates().attribute(0x40, 15, "0002 01").decode().endOfRib()).isNull();
  }

  @Test
  void ofAFamilyThatIsNotKnownTheOctetsAreARoute() { // RFC 4760 §8 would have them ignored
    var update = usual().attribute(0x80, 14, "0190 c8 00 00 0102").decode();

    assertThat(update.findings()).isEmpty();
    assertThat(Updates.routes(update.announced()))
        .containsExactly("198.51.100.0/24", "octets 0x0102");
  }

  @Test
  void anUpdateBelowTheShortestIsAnErrorOfTheHeader() { // RFC 4271 §6.1
    var update = decode(MARKER + "0016 02 0000 00");

    assertThat(update.handling()).isEqualTo(SESSION_RESET);
    assertThat(only(update).rule()).isEqualTo("RFC 4271 6.1");
  }

  // ---- time and memory

  @Test
  void aMessageFullOfTheSmallestAttributesIsReadInBoundedTimeAndMemory() {
    var updates = new Updates();
    for (int i = 0; i < 21_000; i++) {
      updates.rawAttributes("c0" + "%02x".formatted(i & 0xff) + "00");
    }

    var update = updates.nlri("198.51.100.0/24").decode();

    assertThat(update.findings()).hasSizeLessThanOrEqualTo(70);
    assertThat(update.handling()).isEqualTo(SESSION_RESET);
    assertThat(update.spans()).hasSize(21_000);
  }

  @Test
  void theWorstFindingIsKeptBehindManyOthers() {
    var updates = usual();
    for (int i = 0; i < 1_000; i++) {
      updates.med(1);
    }

    var update = updates.attribute(0x40, 250, "").decode();

    assertThat(update.findings()).hasSize(65);
    assertThat(update).satisfies(u -> resets(u, 2, "40fa00"));
  }

  // ---- what the tests are made of

  private static Updates usual() {
    return usualWithout(0).nlri("198.51.100.0/24");
  }

  private static Updates usualWithout(int type) {
    var updates = new Updates();
    if (type != 1) {
      updates.origin(0);
    }
    if (type != 2) {
      updates.asPath(64500);
    }
    if (type != 3) {
      updates.nextHop("192.0.2.1");
    }
    return updates;
  }

  /// A good UPDATE with this attribute, in place of a good one of its type.
  private static Updates withInsteadOfUsual(int flags, int type, String value) {
    return usualWithout(type).attribute(flags, type, value).nlri("198.51.100.0/24");
  }

  private static Update decode(String hex) {
    byte[] message = Hex.octets(hex);
    return Update.decode(message, 0, message.length, DecodeContext.AS4);
  }

  private static Finding only(Update update) {
    assertThat(update.findings()).hasSize(1);
    return update.findings().getFirst();
  }

  /// That the session ends with UPDATE Message Error, this subcode and this data, and that nothing
  /// of the message is used.
  private static void resets(Update update, int subcode, String data) {
    assertThat(update.handling()).isEqualTo(SESSION_RESET);
    assertThat(update.reset())
        .isEqualTo(
            new Notification(Notification.UPDATE_MESSAGE_ERROR, subcode, Octets.ofHex(data)));
    assertThat(update.announced()).isEmpty();
    assertThat(update.withdrawn()).isEmpty();
  }
}
