package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TurnsTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void noMoreThanSoManyAreMadeAtATimeAndAllAre() throws Exception {
    var turns = new Turns(3, LONG, LONG);
    var now = new AtomicInteger();
    var most = new AtomicInteger();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 200; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () ->
                      turns.take(
                          () -> {
                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                            Thread.yield();
                            now.decrementAndGet();
                          })));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(most).hasValueBetween(1, 3);
    turns.take(() -> assertThat(now).hasValue(0));
  }

  @Test
  void whoseTurnDoesNotComeIsToldSoAndAFailureEndsATurn() throws Exception {
    var turns = new Turns(1, Duration.ZERO, LONG);
    var over = new CountDownLatch(1);
    Thread first = begin(turns, over);
    assertThatThrownBy(() -> turns.take(() -> {})).isInstanceOf(Refusal.class);
    over.countDown();
    first.join();

    assertThatThrownBy(
            () ->
                turns.take(
                    () -> {
                      throw new IllegalStateException("a page fails");
                    }))
        .hasMessage("a page fails");
    var made = new AtomicInteger();
    turns.take(made::incrementAndGet);
    assertThat(made).hasValue(1);
  }

  @Test
  void whatTakesLongKeepsNobodyWaiting() throws Exception {
    var turns = new Turns(1, LONG, Duration.ofMillis(1));
    var over = new CountDownLatch(1);
    Thread slow = begin(turns, over);

    var made = new AtomicInteger();
    turns.take(made::incrementAndGet);

    assertThat(made).hasValue(1);
    assertThat(over.getCount()).isEqualTo(1);
    over.countDown();
    slow.join();
    turns.take(made::incrementAndGet);
    assertThat(made).hasValue(2);
  }

  /// Somebody whose turn it is when this returns, until the end.
  private static Thread begin(Turns turns, CountDownLatch over) throws InterruptedException {
    var inside = new CountDownLatch(1);
    Thread thread =
        Thread.ofVirtual()
            .start(
                () ->
                    turns.take(
                        () -> {
                          inside.countDown();
                          try {
                            assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
                          } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                          }
                        }));
    assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
    return thread;
  }
}
