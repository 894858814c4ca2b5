package org.bgppeer.web;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers that take long to find, each given again for some seconds, and for some minutes while a
/// newer one is being found: a page does not wait for what its reader cannot tell apart. What takes
/// longer is asked less often, so that it takes no more than a part of the time of one processor,
/// whoever looks how often.
///
/// @param <Q> what tells one question from another
final class Recent<Q, A> {
  private static final Logger log = LoggerFactory.getLogger(Recent.class);
  private static final Duration USABLE = Duration.ofMinutes(5);

  /// An answer is as good as new for so many times as long as it took.
  private static final int TIMES = 25;

  private record Known<A>(A answer, Instant fresh) {
    Instant usable() {
      return fresh.plus(USABLE);
    }
  }

  private final Map<Q, Known<A>> answers = new ConcurrentHashMap<>();
  private final Set<Q> asking = ConcurrentHashMap.newKeySet();
  private final String name;
  private final Duration fresh;
  private final LongSupplier nanoTime;

  /// @param name of the answers, for the log
  /// @param fresh how long an answer is as good as new, if it did not take long
  /// @param nanoTime tells how long it took
  Recent(String name, Duration fresh, LongSupplier nanoTime) {
    this.name = name;
    this.fresh = fresh;
    this.nanoTime = nanoTime;
  }

  /// The answer of now, or of some minutes ago at most.
  A of(Q question, Instant now, Supplier<A> ask) {
    Known<A> known = answers.get(question);
    if (known == null || known.usable().isBefore(now)) {
      return ask(question, now, ask);
    }
    if (known.fresh.isBefore(now) && asking.add(question)) {
      Thread.ofPlatform() // a question to SQLite keeps the one that carries a virtual thread
          .name(name)
          .daemon()
          .start(
              () -> {
                try {
                  ask(question, now, ask);
                } catch (RuntimeException e) {
                  log.debug("{}: the answer stays as it was: {}", name, e.toString());
                } finally {
                  asking.remove(question);
                }
              });
    }
    return known.answer;
  }

  private A ask(Q question, Instant now, Supplier<A> ask) {
    long begun = nanoTime.getAsLong();
    A answer = ask.get();
    Duration seldom = Duration.ofNanos(nanoTime.getAsLong() - begun).multipliedBy(TIMES);
    answers.put(
        question, new Known<>(answer, now.plus(seldom.compareTo(fresh) > 0 ? seldom : fresh)));
    return answer;
  }
}
