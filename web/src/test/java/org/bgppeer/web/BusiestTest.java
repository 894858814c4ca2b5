package org.bgppeer.web;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.bgppeer.store.Queries;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A page waits for the count of changes once, and afterwards is given the one before.
class BusiestTest {
  private static final Instant NOON = Instant.parse("2026-03-17T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private final AtomicInteger asked = new AtomicInteger();
  private final Semaphore answered = new Semaphore(0);
  private volatile @Nullable CountDownLatch until;
  private volatile boolean broken;
  private volatile Duration taking = Duration.ZERO;
  private volatile @Nullable Instant since;

  /// Says how often it was asked.
  private final class Counting extends StoryQueries {
    @Override
    public Instant oldest() {
      return NOON.minus(Duration.ofDays(1));
    }

    @Override
    public List<Queries.Changes> mostChanging(Instant from, @Nullable Instant to, int limit) {
      int times = asked.incrementAndGet();
      boolean fails = broken;
      since = from;
      nanos.addAndGet(taking.toNanos());
      try {
        CountDownLatch gate = until;
        if (gate != null) {
          assertThat(gate.await(10, SECONDS)).isTrue();
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      } finally {
        answered.release();
      }
      if (fails) {
        throw new IllegalStateException("the database is busy");
      }
      return List.of(new Queries.Changes("ipv4-unicast", "192.0.2.0/24", times));
    }
  }

  private final AtomicLong nanos = new AtomicLong();
  private final Busiest busiest = new Busiest(nanos::get);
  private final Queries queries = new Counting();

  private long changes(Duration later) {
    return changes(later, Map.of());
  }

  private long changes(Duration later, Map<String, String> parameters) {
    var visit =
        new Visit(
            queries, AsNames.NONE, NOON.plus(later), Visit.Form.HTML, "/", Map.of(), parameters);
    return busiest.of(visit, HOUR, 5).getFirst().changes();
  }

  private void awaitAnswers(int times) throws InterruptedException {
    assertThat(answered.tryAcquire(times, 10, SECONDS)).isTrue();
  }

  /// The answer arrives a moment after the question was answered.
  private long changesOnceKnown(Duration later, long expected) {
    long deadline = System.nanoTime() + SECONDS.toNanos(10);
    long changes = changes(later);
    while (changes != expected && System.nanoTime() < deadline) {
      Thread.onSpinWait();
      changes = changes(later);
    }
    return changes;
  }

  @Test
  void anAnswerIsGivenAgainForTenSeconds() {
    assertThat(changes(Duration.ZERO)).isOne();
    assertThat(changes(Duration.ofSeconds(10))).isOne();

    assertThat(asked).hasValue(1);
    assertThat(since).isEqualTo(NOON.minus(HOUR));
  }

  @Test
  void anAnswerThatTakesLongIsFoundSeldom() throws Exception {
    taking = Duration.ofSeconds(4);
    assertThat(changes(Duration.ZERO)).isOne();
    assertThat(changes(Duration.ofSeconds(100))).isOne();
    assertThat(asked).hasValue(1);

    assertThat(changes(Duration.ofSeconds(101))).isOne();
    awaitAnswers(2);

    assertThat(changesOnceKnown(Duration.ofSeconds(102), 2)).isEqualTo(2);
  }

  @Test
  void anOlderAnswerIsGivenWhileTheNextIsFoundAndThatIsAskedForOnce() throws Exception {
    changes(Duration.ZERO);
    var gate = new CountDownLatch(1);
    until = gate;

    assertThat(changes(Duration.ofSeconds(11))).isOne();
    assertThat(changes(Duration.ofSeconds(12))).as("another page meanwhile").isOne();
    gate.countDown();
    awaitAnswers(2);

    assertThat(changesOnceKnown(Duration.ofSeconds(12), 2)).isEqualTo(2);
    assertThat(asked).hasValue(2);
  }

  @Test
  void anAnswerThatIsTooOldIsWaitedFor() {
    changes(Duration.ZERO);

    assertThat(changes(Duration.ofMinutes(6))).isEqualTo(2);
  }

  @Test
  void whatCannotBeFoundInTheBackgroundLeavesTheAnswerAndIsAskedAgain() throws Exception {
    changes(Duration.ZERO);
    broken = true;
    assertThat(changes(Duration.ofSeconds(11))).isOne();
    awaitAnswers(2);
    broken = false;

    assertThat(changesOnceKnown(Duration.ofSeconds(12), 3)).isEqualTo(3);
  }

  @Test
  void whatCannotBeFoundAtFirstIsTheFailureOfThePage() {
    broken = true;

    assertThatThrownBy(() -> changes(Duration.ZERO)).hasMessage("the database is busy");
  }

  @Test
  void aMomentOfThePastIsAskedForItself() {
    assertThat(changes(Duration.ZERO, Map.of("at", "2026-03-17T10:00:00Z"))).isOne();
    assertThat(changes(Duration.ZERO, Map.of("at", "2026-03-17T10:00:00Z"))).isEqualTo(2);

    assertThat(since).isEqualTo(Instant.parse("2026-03-17T09:00:00Z"));
  }
}
