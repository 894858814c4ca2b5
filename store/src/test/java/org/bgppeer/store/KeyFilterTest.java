package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class KeyFilterTest {
  private static byte[] key(int address, int length) {
    return ByteBuffer.allocate(5).putInt(address).put((byte) length).array();
  }

  @Test
  void aRouteThatWasNotedIsNeverNew() {
    var filter = new KeyFilter();
    for (int i = 0; i < 100_000; i++) {
      filter.add(key(i << 8, 24), i % 3 - 1);
    }

    for (int i = 0; i < 100_000; i++) {
      assertThat(filter.add(key(i << 8, 24), i % 3 - 1)).isTrue();
    }
  }

  @Test
  void almostAllRoutesOfAFullTableAreKnownToBeNew() {
    var filter = new KeyFilter();
    int known = 0;
    for (int i = 0; i < 1_200_000; i++) {
      known += filter.add(key(i << 8, 24), RouteChanges.NO_PATH_ID) ? 1 : 0;
    }

    assertThat(known).isLessThan(5_000);
    assertThat(filter.isFull()).isFalse();
  }

  @Test
  void pathsAndLengthsOfOnePrefixAreRoutesOfTheirOwn() {
    var filter = new KeyFilter();
    filter.add(key(0x0a000000, 8), 1);

    assertThat(filter.add(key(0x0a000000, 8), 2)).isFalse();
    assertThat(filter.add(key(0x0a000000, 9), 1)).isFalse();
    assertThat(filter.add(key(0x0a000000, 8), 1)).isTrue();
  }
}
