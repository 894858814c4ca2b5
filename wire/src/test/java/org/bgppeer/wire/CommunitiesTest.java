package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommunitiesTest {
  private static final byte[] THREE =
      Hex.octets(
          """
          fbf40064   # 64500:100
          ffffff01   # NO_EXPORT
          00000000   # 0:0
          """);

  @Test
  void everyFourOctetsAreOneCommunity() throws MalformedAttribute {
    assertThat(communities(THREE)).hasToString("64500:100 65535:65281 0:0");
    assertThat(communities(THREE).values()).containsExactly(0xfbf40064L, 0xffffff01L, 0L);
  }

  @Test
  void whatWasReadIsWhatIsWritten() throws MalformedAttribute {
    var out = new WireWriter();
    communities(THREE).encode(out);

    assertThat(out.toByteArray()).isEqualTo(THREE);
  }

  @ParameterizedTest
  @CsvSource({
    "ffff0000, graceful-shutdown",
    "ffff0001, accept-own",
    "ffff0006, llgr-stale",
    "ffff0007, no-llgr",
    "ffff029a, blackhole",
    "ffffff01, no-export",
    "ffffff02, no-advertise",
    "ffffff03, no-export-subconfed",
    "ffffff04, no-peer",
    "ffffff05, ",
    "fbf40064, ",
  })
  void theWellKnownOnesHaveNames(String hex, String name) {
    assertThat(Communities.wellKnownName(Long.parseLong(hex, 16))).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 5, 7})
  void anyOtherLengthIsMalformed(int length) {
    assertThatThrownBy(() -> communities(new byte[length]))
        .isInstanceOf(MalformedAttribute.class)
        .hasMessage("length " + length + " is not a non-zero multiple of 4");
  }

  @Test
  void noOctetsWhateverBreakTheDecoder() {
    Noise.survives(Communities::decode, Communities::encode);
  }

  private static Communities communities(byte[] octets) throws MalformedAttribute {
    return Communities.decode(new WireReader(octets));
  }
}
