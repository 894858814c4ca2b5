package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// MULTI_EXIT_DISC, LOCAL_PREF, ORIGINATOR_ID: a number of 32 bits each; and ATOMIC_AGGREGATE,
/// which is none.
class NumbersTest {
  private static final byte[] HIGHEST = Hex.octets("ffffffff");

  @Test
  void theNumberIsUnsigned() throws MalformedAttribute {
    assertThat(MultiExitDisc.decode(new WireReader(HIGHEST)).value()).isEqualTo(4294967295L);
    assertThat(LocalPref.decode(new WireReader(HIGHEST)).value()).isEqualTo(4294967295L);
    assertThat(MultiExitDisc.decode(new WireReader(HIGHEST))).hasToString("4294967295");
    assertThat(LocalPref.decode(new WireReader(HIGHEST))).hasToString("4294967295");
  }

  @Test
  void anOriginatorIsWrittenAsAnAddress() throws MalformedAttribute {
    assertThat(OriginatorId.decode(new WireReader(Hex.octets("c0000201"))))
        .hasToString("192.0.2.1");
    assertThat(OriginatorId.decode(new WireReader(HIGHEST))).hasToString("255.255.255.255");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 8})
  void anyOtherLengthIsMalformed(int length) {
    String reason = "length " + length + " is not 4";
    assertThatThrownBy(() -> MultiExitDisc.decode(new WireReader(new byte[length])))
        .isInstanceOf(MalformedAttribute.class)
        .hasMessage(reason);
    assertThatThrownBy(() -> LocalPref.decode(new WireReader(new byte[length])))
        .isInstanceOf(MalformedAttribute.class)
        .hasMessage(reason);
    assertThatThrownBy(() -> OriginatorId.decode(new WireReader(new byte[length])))
        .isInstanceOf(MalformedAttribute.class)
        .hasMessage(reason);
  }

  @Test
  void anAtomicAggregateHasNoValue() throws MalformedAttribute {
    assertThat(AtomicAggregate.decode(new WireReader(new byte[0]))).hasToString("");
    assertThatThrownBy(() -> AtomicAggregate.decode(new WireReader(new byte[1])))
        .isInstanceOf(MalformedAttribute.class)
        .hasMessage("length 1 is not 0");
  }

  @Test
  void noOctetsWhateverBreakTheDecoders() {
    Noise.survives(MultiExitDisc::decode, MultiExitDisc::encode);
    Noise.survives(LocalPref::decode, LocalPref::encode);
    Noise.survives(OriginatorId::decode, OriginatorId::encode);
    Noise.survives(AtomicAggregate::decode, AtomicAggregate::encode);
  }
}
