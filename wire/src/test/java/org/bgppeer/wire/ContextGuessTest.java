package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ContextGuessTest {
  @Test
  void fourOctetsAreTakenIfTheyFit() {
    var guess = guess(new Updates().asPath(64500, 4200000001L));

    assertThat(guess.context()).isEqualTo(DecodeContext.AS4);
    assertThat(guess.why()).isEqualTo("only 4-octet AS numbers fit AS_PATH");
  }

  @Test
  void twoOctetsAreTakenIfOnlyTheyFit() {
    var guess = guess(new Updates().as2().asPath(2, 222, 223));

    assertThat(guess.context()).isEqualTo(DecodeContext.AS2);
    assertThat(guess.why()).isEqualTo("only 2-octet AS numbers fit AS_PATH");
  }

  @Test
  void ofBothFourOctetsAreTaken() {
    // one AS of four octets, or: a sequence of 1, and one of AS_SET with its one AS
    var guess = guess(new Updates().attribute(0x40, 2, "0202 00000201 00000101"));
    var both = guess(new Updates().attribute(0x40, 2, "0201 fbf4 0201 0202 0201 fbf5"));

    assertThat(guess.context().as4()).isTrue();
    assertThat(both.context().as4()).isFalse();
    assertThat(guess(new Updates().attribute(0x40, 2, "0201 0001 0101 0102 0103 0104")).why())
        .contains("fit AS_PATH");
  }

  @Test
  void theAggregatorDecidesWhereThePathIsEmpty() {
    var two = guess(new Updates().asPath().attribute(0xc0, 7, "fbf4 c0000201"));
    var four = guess(new Updates().asPath().attribute(0xc0, 7, "0000fbf4 c0000201"));

    assertThat(two.context().as4()).isFalse();
    assertThat(two.why()).isEqualTo("only 2-octet AS numbers fit AGGREGATOR");
    assertThat(four.context().as4()).isTrue();
  }

  @Test
  void ifNeitherFitsFourOctetsAreTakenAndSaid() {
    var guess = guess(new Updates().asPath(64500).attribute(0xc0, 7, "fbf4 c0000201"));

    assertThat(guess.context().as4()).isTrue();
    assertThat(guess.why())
        .isEqualTo("neither 2-octet nor 4-octet AS numbers fit AS_PATH and AGGREGATOR");
  }

  @Test
  void withoutAsNumbersNothingNeedsToBeGuessed() {
    assertThat(guess(new Updates().asPath()).why()).isEqualTo("no AS number in it");
    assertThat(ContextGuess.of(Octets.ofHex("ff".repeat(16) + "001304"), Set.of()).why())
        .isEqualTo("nothing in it depends on it");
  }

  @Test
  void attributesOfOnesOwnAsTellAnInternalNeighbor() {
    assertThat(guess(new Updates().asPath().localPref(100)).context().ibgp()).isTrue();
    assertThat(guess(new Updates().asPath(64500).med(1)).context().ibgp()).isFalse();
  }

  @Test
  void whatIsGivenIsTaken() {
    var message = Octets.of(new Updates().asPath(64500).localPref(100).build());
    var guess = ContextGuess.given(message, false, Set.of(Family.IPV4_UNICAST));

    assertThat(guess.context())
        .isEqualTo(new DecodeContext(false, Set.of(Family.IPV4_UNICAST), true));
    assertThat(guess.why()).isEqualTo("given");
  }

  @Test
  void noMessageWhateverBreaksTheGuess() {
    for (Octets message : Vectors.messages()) {
      byte[] octets = message.toByteArray();
      for (int length = 0; length <= octets.length; length++) {
        assertThat(ContextGuess.of(Octets.copyOf(octets, 0, length), Set.of()).why()).isNotEmpty();
      }
    }
  }

  private static ContextGuess guess(Updates update) {
    return ContextGuess.of(Octets.of(update.build()), Set.of());
  }
}
