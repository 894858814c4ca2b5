package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {
  @ParameterizedTest
  @CsvSource({"0, IGP", "1, EGP", "2, INCOMPLETE"})
  void theOctetIsTheOrigin(byte octet, String text) throws MalformedAttribute {
    assertThat(Origin.decode(new WireReader(new byte[] {octet}))).hasToString(text);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrittenIsRead(Origin.Value value) throws MalformedAttribute {
    var out = new WireWriter();
    new Origin(value).encode(out);

    assertThat(Origin.decode(new WireReader(out.toByteArray()))).isEqualTo(new Origin(value));
  }

  @ParameterizedTest
  @ValueSource(bytes = {3, 9, -1})
  void anyOtherValueIsMalformed(byte octet) {
    assertThatThrownBy(() -> Origin.decode(new WireReader(new byte[] {octet})))
        .isInstanceOf(MalformedAttribute.class)
        .hasMessage("value " + (octet & 0xff) + " is not 0, 1 or 2");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 255})
  void anyOtherLengthIsMalformed(int length) {
    assertThatThrownBy(() -> Origin.decode(new WireReader(new byte[length])))
        .isInstanceOf(MalformedAttribute.class)
        .hasMessage("length " + length + " is not 1");
  }

  @Test
  void noOctetsWhateverBreakTheDecoder() {
    Noise.survives(Origin::decode, Origin::encode);
  }
}
