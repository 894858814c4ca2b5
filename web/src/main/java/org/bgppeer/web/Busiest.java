package org.bgppeer.web;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.bgppeer.store.Queries;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The prefixes that change most often. To say which they are, the store counts all changes of the
/// time that is looked at, so an answer is given again for some seconds, and for some minutes while
/// a newer one is being found: a page does not wait for what its reader cannot tell apart. Where
/// there is much to count it is counted less often, so that it takes no more than a part of the
/// time of one processor, whoever looks how often.
final class Busiest {
  private static final Logger log = LoggerFactory.getLogger(Busiest.class);
  private static final Duration FRESH = Duration.ofSeconds(10);
  private static final Duration USABLE = Duration.ofMinutes(5);

  private record Question(Duration length, int limit) {}

  /// An answer is as good as new for so many times as long as it took.
  private static final int TIMES = 25;

  /// @param took how long it took to find
  private record Known(List<Queries.Changes> rows, Instant at, Duration took) {
    Instant fresh() {
      Duration seldom = took.multipliedBy(TIMES);
      return at.plus(seldom.compareTo(FRESH) > 0 ? seldom : FRESH);
    }

    Instant usable() {
      return fresh().plus(USABLE);
    }
  }

  private final Map<Question, Known> answers = new ConcurrentHashMap<>();
  private final Set<Question> asking = ConcurrentHashMap.newKeySet();
  private final LongSupplier nanoTime;

  Busiest() {
    this(System::nanoTime);
  }

  /// @param nanoTime tells how long an answer took
  Busiest(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /// Those of a time up to now, or up to the moment that the page shows.
  List<Queries.Changes> of(Visit visit, Duration length, int limit) {
    Instant moment = visit.moment();
    if (moment != null) {
      return visit.queries().mostChanging(moment.minus(length), moment, limit);
    }
    var question = new Question(length, limit);
    Known known = answers.get(question);
    Instant now = visit.now();
    if (known == null || known.usable().isBefore(now)) {
      return ask(visit.queries(), question, now).rows;
    }
    if (known.fresh().isBefore(now) && asking.add(question)) {
      Thread.ofPlatform() // a question to SQLite keeps the one that carries a virtual thread
          .name("busiest")
          .daemon()
          .start(
              () -> {
                try {
                  ask(visit.queries(), question, now);
                } catch (RuntimeException e) {
                  log.debug("the most changing prefixes stay as they were: {}", e.toString());
                } finally {
                  asking.remove(question);
                }
              });
    }
    return known.rows;
  }

  private Known ask(Queries queries, Question question, Instant now) {
    long begun = nanoTime.getAsLong();
    var rows = List.copyOf(queries.mostChanging(now.minus(question.length), question.limit));
    var known = new Known(rows, now, Duration.ofNanos(nanoTime.getAsLong() - begun));
    answers.put(question, known);
    return known;
  }
}
