package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WaitingHashesTest {
  private static final int RUN = 1000;

  private final Random random = new Random(14);

  /// Of many the first 40 bits or more are the same, and some are the same altogether.
  private long hash() {
    long first = random.nextInt(20) * 0x0123_4567_89ab_0000L;
    return first ^ random.nextInt(1 << random.nextInt(1, 24));
  }

  @Test
  void eachIsFoundInTheRunsAndAllGoIntoTheTableInTheirOrder() {
    var waiting = new WaitingHashes(RUN);
    var all = new ArrayList<HashKey>();
    for (int id = 1; id <= 3 * RUN; id++) {
      var key = new HashKey(hash(), id);
      all.add(key);
      assertThat(waiting.add(key.hash(), key.id())).isEqualTo(id % RUN == 0);
    }
    for (int run = 0; run < 3; run++) {
      for (var key : all.subList(run * RUN, (run + 1) * RUN)) {
        long here =
            all.subList(run * RUN, (run + 1) * RUN).stream()
                .filter(other -> other.hash() == key.hash())
                .count();
        if (here == 1) {
          assertThat(waiting.candidates(key.hash())).contains(key.id());
        }
      }
    }

    var move = waiting.move(RUN / 2);
    List<HashKey> moved = new ArrayList<>();
    while (move.hasNext()) {
      moved.addAll(move.next());
    }
    assertThat(moved)
        .isSortedAccordingTo(Comparator.comparingLong(HashKey::hash))
        .containsExactlyInAnyOrderElementsOf(all);
    assertThat(move.upTo()).isEqualTo(3 * RUN);
    move.done();
    assertThat(waiting.size()).isZero();
  }
}
