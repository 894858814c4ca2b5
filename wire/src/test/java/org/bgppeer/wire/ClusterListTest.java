package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterListTest {
  @Test
  void everyFourOctetsAreOneCluster() throws MalformedAttribute {
    var clusters = ClusterList.decode(new WireReader(Hex.octets("c0000201 00000001")));

    assertThat(clusters).hasToString("192.0.2.1 0.0.0.1");
    assertThat(clusters.clusters()).containsExactly(0xc0000201L, 1L);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 6})
  void anyOtherLengthIsMalformed(int length) {
    assertThatThrownBy(() -> ClusterList.decode(new WireReader(new byte[length])))
        .isInstanceOf(MalformedAttribute.class)
        .hasMessage("length " + length + " is not a non-zero multiple of 4");
  }

  @Test
  void noOctetsWhateverBreakTheDecoder() {
    Noise.survives(ClusterList::decode, ClusterList::encode);
  }
}
