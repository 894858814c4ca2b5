package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HashFilterTest {
  @Test
  void whatWasAddedIsNeverTakenForNewAndHardlyAnythingNewForAdded() {
    var filter = new HashFilter();
    var added = new Random(1);
    for (int i = 0; i < 2_000_000; i++) {
      filter.add(added.nextLong(), added.nextLong());
    }

    var again = new Random(1);
    long missing = 0;
    for (int i = 0; i < 2_000_000; i++) {
      missing += filter.mayHave(again.nextLong(), again.nextLong()) ? 0 : 1;
    }
    var others = new Random(2);
    long mistaken = 0;
    for (int i = 0; i < 100_000; i++) {
      mistaken += filter.mayHave(others.nextLong(), others.nextLong()) ? 1 : 0;
    }

    assertThat(missing).isZero();
    assertThat(mistaken).isLessThan(100);
  }
}
