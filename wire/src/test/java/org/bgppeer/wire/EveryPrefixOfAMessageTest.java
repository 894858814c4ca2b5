package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// A message cut anywhere, with a header that says so and with one that does not, has a typed
/// answer.
class EveryPrefixOfAMessageTest {
  @ParameterizedTest
  @FieldSource("org.bgppeer.wire.DecodeTreeTest#CONTEXTS")
  void eachBeginningOfAMessageIsReadOrRefused(DecodeContext context) {
    for (Octets message : Vectors.messages()) {
      for (int length = 0; length < message.length(); length++) {
        byte[] cut = Arrays.copyOf(message.array(), length);
        Answers.check(cut, context);
        if (length >= Framing.HEADER_LENGTH) {
          cut[16] = (byte) (length >>> 8);
          cut[17] = (byte) length;
          Answers.check(cut, context);
        }
      }
    }
    assertThat(Vectors.messages()).isNotEmpty();
  }
}
