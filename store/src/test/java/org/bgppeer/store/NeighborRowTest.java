package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NeighborRowTest {
  @Test
  void numbersInNamesCountAsNumbers() {
    var ordered =
        List.of(
            "127.0.0.2",
            "127.0.0.9",
            "127.0.0.10",
            "127.0.1.1",
            "2001:db8::1",
            "2001:db8::2",
            "peer",
            "peer-2",
            "peer-010",
            "peer-10",
            "peer-10a",
            "peer-99999999999999999999",
            "peer-100000000000000000000",
            "upstream");

    for (int seed = 0; seed < 100; seed++) {
      var names = new ArrayList<>(ordered);
      Collections.shuffle(names, new Random(seed));
      names.sort(NeighborRow.NAME_ORDER);
      assertThat(names).containsExactlyElementsOf(ordered);
    }
  }

  @Test
  void differentNamesAreNeverEqual() {
    assertThat(NeighborRow.NAME_ORDER.compare("peer-1", "peer-01")).isNotZero();
  }
}
