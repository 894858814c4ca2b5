package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class As4PathTest {
  @Test
  void itIsReadAsAPathOfFourOctets() throws MalformedAttribute {
    var path = As4Path.decode(new WireReader(Hex.octets("0201 fa56ea01 0101 0000fbf5")));

    assertThat(path).hasToString("4200000001 {64501}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0200", "0201 0000fb"})
  void withoutRoomForOneAsItIsMalformed(String hex) {
    assertThatThrownBy(() -> As4Path.decode(new WireReader(Hex.octets(hex))))
        .isInstanceOf(MalformedAttribute.class)
        .hasMessage("length " + Hex.octets(hex).length + " is below 6");
  }

  @Test
  void noOctetsWhateverBreakTheDecoder() {
    Noise.survives(As4Path::decode, As4Path::encode);
  }
}
