package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LargeCommunitiesTest {
  private static final byte[] TWO =
      Hex.octets(
          """
          0000fbf0 00000001 00000002   # 64496:1:2
          ffffffff ffffffff 00000000   # 4294967295:4294967295:0
          """);

  @Test
  void everyTwelveOctetsAreOneCommunity() throws MalformedAttribute {
    assertThat(communities(TWO)).hasToString("64496:1:2 4294967295:4294967295:0");
  }

  @Test
  void whatWasReadIsWhatIsWritten() throws MalformedAttribute {
    var out = new WireWriter();
    communities(TWO).encode(out);

    assertThat(out.toByteArray()).isEqualTo(TWO);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 2000})
  void repeatsAreLeftOutHoweverManyThereAre(int count) throws MalformedAttribute {
    var out = new WireWriter();
    for (int i = 0; i < 2 * count; i++) {
      out.u32(64496).u32(1).u32(i % count);
    }
    String text =
        IntStream.range(0, count).mapToObj(i -> "64496:1:" + i).collect(Collectors.joining(" "));

    assertThat(communities(out.toByteArray()).values()).hasSize(count);
    assertThat(communities(out.toByteArray())).hasToString(text);
    var appended = new StringBuilder();
    LargeCommunities.appendText(out.array(), 0, out.length(), appended);
    assertThat(appended).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 11, 13, 23})
  void anyOtherLengthIsMalformed(int length) {
    assertThatThrownBy(() -> communities(new byte[length]))
        .isInstanceOf(MalformedAttribute.class)
        .hasMessage("length " + length + " is not a non-zero multiple of 12");
  }

  @Test
  void noOctetsWhateverBreakTheDecoder() {
    Noise.survives(LargeCommunities::decode, LargeCommunities::encode);
  }

  private static LargeCommunities communities(byte[] octets) throws MalformedAttribute {
    return LargeCommunities.decode(new WireReader(octets));
  }
}
