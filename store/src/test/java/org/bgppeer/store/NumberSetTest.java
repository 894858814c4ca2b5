package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

class NumberSetTest {
  @RepeatedTest(20)
  void setsAreReadAsTheyWereWritten(RepetitionInfo repetition) {
    var random = new Random(repetition.getCurrentRepetition());
    var expected = new BitSet();
    var other = new BitSet();
    var numbers = NumberSet.none();
    var others = NumberSet.none();
    int most = random.nextBoolean() ? 1 << 24 : 1 + random.nextInt(300);
    for (int i = random.nextInt(400); i > 0; i--) {
      int number = random.nextInt(most);
      assertThat(numbers.add(number)).isEqualTo(!expected.get(number));
      expected.set(number);
      int another = random.nextInt(most);
      others.add(another);
      other.set(another);
    }

    assertThat(bits(numbers)).isEqualTo(expected);
    assertThat(bits(NumberSet.decode(numbers.encode()))).isEqualTo(expected);
    assertThat(bits(NumberSet.of(expected))).isEqualTo(expected);
    var both = (BitSet) expected.clone();
    both.and(other);
    assertThat(bits(numbers.and(others))).isEqualTo(both);
    var either = (BitSet) expected.clone();
    either.or(other);
    assertThat(others.areIn(numbers.encode())).isEqualTo(either.equals(expected));
    assertThat(numbers.addAll(others)).isEqualTo(!either.equals(expected));
    assertThat(others.areIn(numbers.encode())).isTrue();
    assertThat(bits(numbers)).isEqualTo(either);
    int one = either.nextSetBit(most / 2);
    if (one >= 0) {
      var rest = (BitSet) either.clone();
      rest.clear(one);
      assertThat(bits(numbers.without(one))).isEqualTo(rest);
      assertThat(NumberSet.of(one).areIn(numbers.encode())).isTrue();
      assertThat(NumberSet.of(one).areIn(numbers.without(one).encode())).isFalse();
    }
    either.clear(0, most / 4);
    either.clear(most / 2 + 1, most + 1);
    assertThat(bits(numbers.between(most / 4, most / 2))).isEqualTo(either);
  }

  private static BitSet bits(NumberSet numbers) {
    var bits = new BitSet();
    numbers.addTo(bits);
    assertThat(bits.cardinality()).isEqualTo(numbers.size());
    return bits;
  }
}
