package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AsPathTest {
  private static final byte[] ALL_KINDS =
      Hex.octets(
          """
          03 02 0000fde8 0000fde9             # AS_CONFED_SEQUENCE 65000 65001
          04 01 0000fdea                      # AS_CONFED_SET 65002
          02 03 0000fbf4 fa56ea01 ffffffff    # AS_SEQUENCE 64500 4200000001 4294967295
          01 02 0000fbf5 0000fbf6             # AS_SET 64501 64502
          """);

  @Test
  void eachKindOfSegmentHasItsBrackets() throws MalformedAttribute {
    assertThat(path(ALL_KINDS))
        .hasToString("(65000 65001) [65002] 64500 4200000001 4294967295 {64501 64502}");
  }

  @Test
  void asNumbersOfTwoOctetsAreReadInASessionThatHasThem() throws MalformedAttribute {
    var path = AsPath.decode(new WireReader(Hex.octets("0202 fbf4 5ba0 0101 fbf5")), false);

    assertThat(path).hasToString("64500 23456 {64501}");
  }

  @Test
  void anEmptyPathHasNoSegments() throws MalformedAttribute {
    assertThat(path(new byte[0]).segments()).isEmpty();
    assertThat(path(new byte[0])).hasToString("");
    assertThat(path(new byte[0]).originAs()).isNull();
  }

  @Test
  void whatWasReadIsWhatIsWritten() throws MalformedAttribute {
    var out = new WireWriter();
    path(ALL_KINDS).encode(out);

    assertThat(out.toByteArray()).isEqualTo(ALL_KINDS);
  }

  @Test
  void aSetCountsAsOneAndAConfederationAsNone() throws MalformedAttribute {
    assertThat(path(ALL_KINDS).count()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "0202 0000fbf4 0000fbf5, 64501",
    "0201 0000fbf4 0101 0000fbf5, 64501", // a set of one
    "0201 0000fbf4 0102 0000fbf5 0000fbf6, ", // of several
    "0201 0000fbf4 0301 0000fde8, 64500", // a confederation does not count
    "0301 0000fde8, ",
    "0201 ffffffff, 4294967295",
  })
  void theOriginIsTheLastAs(String hex, Long origin) throws MalformedAttribute {
    assertThat(path(Hex.octets(hex)).originAs()).isEqualTo(origin);
  }

  @ParameterizedTest
  @CsvSource({
    "00, one octet is left behind the last segment",
    "0201 0000fbf4 01, one octet is left behind the last segment",
    "0001 0000fbf4, 'segment type 0 is not 1, 2, 3 or 4'",
    "0501 0000fbf4, 'segment type 5 is not 1, 2, 3 or 4'",
    "0200, a segment without AS numbers",
    "0201 0000fb, a segment of 1 AS numbers where 3 octets are left",
    "02ff 0000fbf4, a segment of 255 AS numbers where 4 octets are left",
  })
  void aBrokenSegmentIsMalformed(String hex, String reason) {
    assertThatThrownBy(() -> path(Hex.octets(hex)))
        .isInstanceOf(MalformedAttribute.class)
        .hasMessage(reason);
  }

  // AS_PATH and AS4_PATH of a session with 2-octet AS numbers, in 4 octets here; RFC 6793 §4.2.3
  @ParameterizedTest
  @CsvSource({
    // all ASes passed it on as they should
    "64500 23456 64501, 64500 4200000001 64501, 64500 4200000001 64501",
    // two ASes with 2 octets alone came in front
    "64502 64503 23456 64501, 4200000001 64501, 64502 64503 4200000001 64501",
    // AS4_PATH is longer: somebody removed ASes from AS_PATH, and AS4_PATH is stale
    "64500 64501, 64502 4200000001 64501, 64500 64501",
    // a set counts as one, whole
    "64500 {64502 64503} 23456, 4200000001, 64500 {64502 64503} 4200000001",
    "64500 {23456 64503}, {4200000001 64503}, 64500 {4200000001 64503}",
    // a confederation's segment in front, or beside one that is taken, is taken too
    "(65000) 64500 23456, 4200000001, (65000) 64500 4200000001",
    "(65000) 64500 23456, 64500 4200000001, (65000) 64500 4200000001",
    "64500 (65000) 23456, 4200000001, 64500 (65000) 4200000001",
    // one in AS4_PATH is left out: §6
    "64500 23456, (65000) 64500 4200000001, 64500 4200000001",
    "64500 23456, (65000), 64500 23456",
  })
  void as4PathTakesThePlaceOfTheEndOfAsPath(String asPath, String as4Path, String merged) {
    var path = new AsPath(segments(asPath));

    assertThat(path.mergedWith(new As4Path(segments(as4Path)))).hasToString(merged);
  }

  @Test
  void anAggregatorThatIsNotAsTransMakesAs4PathStale() {
    var update =
        new Updates()
            .as2()
            .usual("192.0.2.1", 64500, Open.AS_TRANS)
            .attribute(0xc0, 7, "fbf4 c0000201")
            .attribute(0xc0, 17, "0202 0000fbf4 fa56ea01")
            .attribute(0xc0, 18, "fa56ea01 c0000202")
            .nlri("198.51.100.0/24")
            .decode();

    assertThat(update.attribute(AsPath.class)).hasToString("64500 23456");
    assertThat(update.attribute(Aggregator.class)).hasToString("64500 192.0.2.1");
  }

  @Test
  void anAggregatorOfAsTransIsReplaced() {
    var update =
        new Updates()
            .as2()
            .usual("192.0.2.1", 64500, Open.AS_TRANS)
            .attribute(0xc0, 7, "5ba0 c0000201")
            .attribute(0xc0, 17, "0202 0000fbf4 fa56ea01")
            .attribute(0xc0, 18, "fa56ea01 c0000202")
            .nlri("198.51.100.0/24")
            .decode();
    var set = AttributeSet.decode(update.attributeSet(update.announced().getFirst()));

    assertThat(update.attribute(AsPath.class)).hasToString("64500 4200000001");
    assertThat(update.attribute(Aggregator.class)).hasToString("4200000001 192.0.2.2");
    assertThat(set.asPath()).isEqualTo("64500 4200000001");
    assertThat(set.originAs()).isEqualTo(4200000001L);
    assertThat(set.aggregator()).isEqualTo("4200000001 192.0.2.2");
    assertThat(set.other()).isEmpty();
  }

  @Test
  void noOctetsWhateverBreakTheDecoder() {
    Noise.survives(in -> AsPath.decode(in, true), AsPath::encode);
  }

  @Test
  void noTwoPathsWhateverBreakTheMerge() {
    var random = new Random(6793);
    for (int i = 0; i < 10_000; i++) {
      var path = new AsPath(segments(random));
      var as4Path = new As4Path(segments(random));

      var merged = path.mergedWith(as4Path);

      assertThat(merged.count()).as("%s with %s", path, as4Path).isEqualTo(path.count());
      assertThat(merged.segments())
          .allSatisfy(segment -> assertThat(segment.ases()).hasSizeBetween(1, 255));
    }
  }

  /// Reads what [AsPath#toString] writes.
  private static List<AsPath.Segment> segments(String text) {
    var segments = new ArrayList<AsPath.Segment>();
    for (String part : text.split(" (?=[({\\[])|(?<=[)}\\]]) ")) {
      var type =
          switch (part.charAt(0)) {
            case '{' -> AsPath.SegmentType.AS_SET;
            case '(' -> AsPath.SegmentType.AS_CONFED_SEQUENCE;
            case '[' -> AsPath.SegmentType.AS_CONFED_SET;
            default -> AsPath.SegmentType.AS_SEQUENCE;
          };
      segments.add(
          new AsPath.Segment(
              type,
              Arrays.stream(part.replaceAll("[^0-9 ]", "").split(" "))
                  .map(Long::parseLong)
                  .toList()));
    }
    return segments;
  }

  private static List<AsPath.Segment> segments(Random random) {
    var segments = new ArrayList<AsPath.Segment>();
    for (int i = random.nextInt(4); i > 0; i--) {
      var types = AsPath.SegmentType.values();
      segments.add(
          new AsPath.Segment(
              types[random.nextInt(types.length)],
              random.longs(random.nextInt(1, 5), 1, 65536).boxed().toList()));
    }
    return segments;
  }

  private static AsPath path(byte[] octets) throws MalformedAttribute {
    return AsPath.decode(new WireReader(octets), true);
  }
}
