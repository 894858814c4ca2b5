package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// A message with one octet changed has a typed answer, whichever octet it is; and so has noise.
class EveryOctetOfAMessageTest {
  /// Those that break lengths, counts and types; all 256 take too long for each octet of each
  /// message.
  private static final int[] CHANGES = {
    0, 1, 2, 3, 4, 5, 8, 14, 15, 16, 17, 32, 33, 64, 127, 128, 129, 254, 255
  };

  @ParameterizedTest
  @FieldSource("org.bgppeer.wire.DecodeTreeTest#CONTEXTS")
  void eachOctetOfAMessageMayBeWrong(DecodeContext context) {
    for (Octets message : Vectors.messages()) {
      byte[] octets = message.toByteArray();
      for (int at = 16; at < octets.length; at++) {
        byte good = octets[at];
        for (int change : CHANGES) {
          octets[at] = (byte) change;
          Answers.check(octets, context);
        }
        for (int bit = 0; bit < 8 && context.equals(DecodeContext.AS4); bit++) {
          octets[at] = (byte) (good ^ 1 << bit);
          Answers.check(octets, context);
        }
        octets[at] = good;
      }
    }
    assertThat(Vectors.messages()).isNotEmpty();
  }

  @Test
  void eachOctetOfAUsualUpdateMayHaveEachValue() {
    byte[] octets =
        new Updates()
            .withdraw("192.0.2.0/24")
            .mpReach(Family.IPV6_UNICAST, "2001:db8::1 fe80::1", "2001:db8:1::/48")
            .usual("192.0.2.1", 64500, 64501)
            .med(1)
            .localPref(100)
            .attribute(0xc0, 7, "0000fbf4 c0000201")
            .communities("64500:1")
            .attribute(0xc0, 16, "0002fbf400000064")
            .largeCommunities("64500:1:2")
            .mpUnreach(Family.IPV6_UNICAST, "2001:db8:2::/48")
            .nlri("198.51.100.0/24", "203.0.113.0/25")
            .build();
    assertThat(Update.decode(octets, 0, octets.length, DecodeContext.AS4.withIbgp(true)).findings())
        .isEmpty();
    for (DecodeContext context : DecodeTreeTest.CONTEXTS) {
      for (int at = 0; at < octets.length; at++) {
        byte good = octets[at];
        for (int value = 0; value < 256; value++) {
          octets[at] = (byte) value;
          Answers.check(octets, context);
        }
        octets[at] = good;
      }
    }
  }

  @ParameterizedTest
  @FieldSource("org.bgppeer.wire.DecodeTreeTest#CONTEXTS")
  void noiseHasAnAnswer(DecodeContext context) {
    var random = new Random(4271);
    for (int i = 0; i < 20_000; i++) {
      byte[] octets = Noise.octets(random, 19 + random.nextInt(120));
      octets[16] = 0;
      octets[17] = (byte) octets.length;
      octets[18] = (byte) (random.nextInt(4) == 0 ? random.nextInt(7) : 2);
      if (octets[18] == 2 && octets.length > 30) { // lengths that fit, mostly
        octets[19] = octets[21] = 0;
        octets[20] = 0;
        octets[22] = (byte) random.nextInt(octets.length - 22);
      }
      Answers.check(octets, context);
    }
    assertThat(context).isNotNull();
  }
}
