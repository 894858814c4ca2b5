package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.bgppeer.wire.AttributeSet;
import org.junit.jupiter.api.Test;

class FreshSetsTest {
  @Test
  void setsComeBackInTheirOrderWithAllThatWasSaidOfThem() {
    var sets = new FreshSets();
    int octets = 0;
    assertThat(sets.isEmpty()).isTrue();
    assertThat(sets.read()).isEmpty();

    for (int i = 0; i < 1000; i++) {
      byte[] set = set(i);
      sets.add(5 + i, set, 70 + i, 900 + i);
      octets += set.length;
    }

    assertThat(sets.isEmpty()).isFalse();
    assertThat(sets.size()).isEqualTo(1000);
    assertThat(sets.octets()).isEqualTo(octets);
    var read = sets.read();
    assertThat(read).hasSize(1000);
    for (int i = 0; i < 1000; i++) {
      byte[] set = set(i);
      var text = AttributeSet.decode(set);
      var one = read.get(i);
      assertThat(one.text()).isEqualTo(text);
      assertThat(one.octets()).isEqualTo(text.encodesTo(set) ? null : set);
      assertThat(one.id()).isEqualTo(5 + i);
      assertThat(one.at()).isEqualTo(70 + i);
      assertThat(one.packet()).isEqualTo(900 + i);
    }
    assertThat(read.get(9).octets()).isEqualTo(new byte[9]);
    assertThat(read.get(10).octets()).isNull();
  }

  /// A usual one, or one that is none.
  private static byte[] set(int i) {
    return i % 10 == 9
        ? new byte[i]
        : ByteBuffer.allocate(21)
            .put(new byte[] {0x40, 1, 1, 0, 0x40, 2, 0})
            .put(new byte[] {0x40, 3, 4, (byte) 192, 0, 2, 1})
            .put(new byte[] {(byte) 0x80, 4, 4})
            .putInt(i)
            .array();
  }
}
