package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.bgppeer.wire.Family;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StretchTest {
  @ParameterizedTest
  @CsvSource({"ipv4-unicast, 5", "ipv6-multicast, 17"})
  void aStretchHasTheKeysBetweenItsEnds(String name, int octets) {
    int family = Family.parse(name).code();
    var random = new Random(1);
    byte[] before = new byte[octets];
    for (int i = 0; i < 1_000; i++) {
      byte[] key = new byte[octets];
      random.nextBytes(key);
      if (random.nextInt(4) == 0) {
        Arrays.fill(key, 2, octets, (byte) (random.nextBoolean() ? 0xff : 0));
      }
      int stretch = Stretch.of(family, key);
      assertThat(Arrays.compareUnsigned(Stretch.begin(family, stretch), key))
          .isLessThanOrEqualTo(0);
      assertThat(Arrays.compareUnsigned(Stretch.end(family, stretch), key))
          .isGreaterThanOrEqualTo(0);
      assertThat(
              Arrays.compareUnsigned(
                  Stretch.end(family, stretch), Stretch.begin(family, stretch + 1)))
          .isLessThan(stretch + 1 < 1 << (octets == 5 ? 14 : 24) ? 0 : Integer.MAX_VALUE);
      assertThat(Integer.signum(Integer.compare(stretch, Stretch.of(family, before))))
          .as("the order of the keys")
          .isIn(0, Integer.signum(Arrays.compareUnsigned(key, before)));
      before = key;
    }
  }
}
