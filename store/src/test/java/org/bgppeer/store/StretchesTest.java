package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.bgppeer.wire.Family;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StretchesTest {
  @RepeatedTest(20)
  void setsAreReadAsTheyWereWritten(RepetitionInfo repetition) {
    var random = new Random(repetition.getCurrentRepetition());
    var expected = new BitSet();
    var other = new BitSet();
    var stretches = Stretches.none();
    var others = Stretches.none();
    int most = random.nextBoolean() ? 1 << 24 : 1 + random.nextInt(300);
    for (int i = random.nextInt(400); i > 0; i--) {
      int stretch = random.nextInt(most);
      assertThat(stretches.add(stretch)).isEqualTo(!expected.get(stretch));
      expected.set(stretch);
      int another = random.nextInt(most);
      others.add(another);
      other.set(another);
    }

    assertThat(bits(stretches)).isEqualTo(expected);
    assertThat(bits(Stretches.decode(stretches.encode()))).isEqualTo(expected);
    assertThat(bits(Stretches.of(expected))).isEqualTo(expected);
    var both = (BitSet) expected.clone();
    both.and(other);
    assertThat(bits(stretches.and(others))).isEqualTo(both);
    var either = (BitSet) expected.clone();
    either.or(other);
    assertThat(others.areIn(stretches.encode())).isEqualTo(either.equals(expected));
    assertThat(stretches.addAll(others)).isEqualTo(!either.equals(expected));
    assertThat(others.areIn(stretches.encode())).isTrue();
    assertThat(bits(stretches)).isEqualTo(either);
    either.clear(0, most / 4);
    either.clear(most / 2 + 1, most + 1);
    assertThat(bits(stretches.between(most / 4, most / 2))).isEqualTo(either);
  }

  private static BitSet bits(Stretches stretches) {
    var bits = new BitSet();
    stretches.addTo(bits);
    assertThat(bits.cardinality()).isEqualTo(stretches.size());
    return bits;
  }

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
      int stretch = Stretches.of(family, key);
      assertThat(Arrays.compareUnsigned(Stretches.begin(family, stretch), key))
          .isLessThanOrEqualTo(0);
      assertThat(Arrays.compareUnsigned(Stretches.end(family, stretch), key))
          .isGreaterThanOrEqualTo(0);
      assertThat(
              Arrays.compareUnsigned(
                  Stretches.end(family, stretch), Stretches.begin(family, stretch + 1)))
          .isLessThan(stretch + 1 < 1 << (octets == 5 ? 14 : 24) ? 0 : Integer.MAX_VALUE);
      assertThat(Integer.signum(Integer.compare(stretch, Stretches.of(family, before))))
          .as("the order of the keys")
          .isIn(0, Integer.signum(Arrays.compareUnsigned(key, before)));
      before = key;
    }
  }
}
