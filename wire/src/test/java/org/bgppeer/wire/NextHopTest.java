package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NextHopTest {
  @Test
  void theFourOctetsAreTheAddress() throws MalformedAttribute {
    assertThat(NextHop.decode(new WireReader(Hex.octets("c0000201")))).hasToString("192.0.2.1");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 16})
  void anyOtherLengthIsMalformed(int length) {
    assertThatThrownBy(() -> NextHop.decode(new WireReader(new byte[length])))
        .isInstanceOf(MalformedAttribute.class)
        .hasMessage("length " + length + " is not 4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0", "0.255.255.255", "224.0.0.1", "239.255.255.255", "255.255.255.255"})
  void someAddressesAreNoHosts(String address) {
    assertThatThrownBy(() -> NextHop.checkHost(AddressText.parse(address), 0))
        .isInstanceOf(MalformedAttribute.class)
        .hasMessage(address + " is not the address of a host");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1.0.0.0", "127.0.0.1", "223.255.255.255", "240.0.0.1", "255.255.255.254"})
  void allOthersAre(String address) {
    assertThatCode(() -> NextHop.checkHost(AddressText.parse(address), 0))
        .doesNotThrowAnyException();
  }

  @Test
  void noOctetsWhateverBreakTheDecoder() {
    Noise.survives(NextHop::decode, NextHop::encode);
  }
}
