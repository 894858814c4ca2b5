package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AggregatorTest {
  private static final byte[] FOUR = Hex.octets("fa56ea01 c0000201"); // 4200000001 192.0.2.1
  private static final byte[] TWO = Hex.octets("fbf4 c0000201"); // 64500 192.0.2.1

  @Test
  void theAsHasTwoOctetsOrFour() throws MalformedAttribute {
    assertThat(Aggregator.decode(new WireReader(FOUR), true)).hasToString("4200000001 192.0.2.1");
    assertThat(Aggregator.decode(new WireReader(TWO), false)).hasToString("64500 192.0.2.1");
    assertThat(As4Aggregator.decode(new WireReader(FOUR))).hasToString("4200000001 192.0.2.1");
  }

  @Test
  void whatWasReadIsWhatIsWritten() throws MalformedAttribute {
    var out = new WireWriter();
    Aggregator.decode(new WireReader(FOUR), true).encode(out);

    assertThat(out.toByteArray()).isEqualTo(FOUR);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 6, 7, 9})
  void anyOtherLengthIsMalformed(int length) {
    assertThatThrownBy(() -> Aggregator.decode(new WireReader(new byte[length]), true))
        .isInstanceOf(MalformedAttribute.class)
        .hasMessage("length " + length + " is not 8");
    assertThatThrownBy(() -> As4Aggregator.decode(new WireReader(new byte[length])))
        .isInstanceOf(MalformedAttribute.class)
        .hasMessage("length " + length + " is not 8");
  }

  @Test
  void anAsOfZeroIsMalformed() { // RFC 7607 §2
    assertThatThrownBy(() -> Aggregator.decode(new WireReader(new byte[6]), false))
        .isInstanceOf(MalformedAttribute.class)
        .hasMessage("AS 0");
  }

  @Test
  void noOctetsWhateverBreakTheDecoder() {
    Noise.survives(in -> Aggregator.decode(in, true), Aggregator::encode);
    Noise.survives(As4Aggregator::decode, As4Aggregator::encode);
  }
}
