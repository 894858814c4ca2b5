package org.bgppeer.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimersTest {
  @Test
  void theRetryTimeDoublesUpToItsBound() {
    assertThat(
            IntStream.of(0, 1, 2, 3, 5, 6, 1000)
                .mapToObj(Timers.DEFAULT::connectRetryAfter)
                .map(Duration::toSeconds))
        .isEqualTo(List.of(5L, 5L, 10L, 20L, 80L, 120L, 120L));
  }

  @Test
  void theFirstFailureCostsNoRest() {
    assertThat(
            IntStream.of(0, 1, 2, 3, 4, 7, 1000)
                .mapToObj(Timers.DEFAULT::idleHoldAfter)
                .map(Duration::toSeconds))
        .isEqualTo(List.of(0L, 0L, 1L, 2L, 4L, 30L, 30L));
  }

  @Test
  void jitterShortensByAQuarterAtMost() {
    var minute = Duration.ofMinutes(1);

    List<Duration> many =
        IntStream.range(0, 1000).mapToObj(_ -> Timing.ofSystem().jittered(minute)).toList();

    assertThat(many).allSatisfy(each -> assertThat(each).isBetween(Duration.ofSeconds(45), minute));
    assertThat(many.stream().distinct().count()).isGreaterThan(900);
  }

  @Test
  void aTimeOfNothingIsRefused() {
    var second = Duration.ofSeconds(1);

    assertThatThrownBy(() -> new Timers(Duration.ZERO, second, second, second, second))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("PT0S is not a time to wait");
  }
}
