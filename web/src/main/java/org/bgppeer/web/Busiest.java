package org.bgppeer.web;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bgppeer.store.Queries;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The prefixes that change most often. To say which they are, the store counts all changes of the
/// time that is looked at, so an answer is given again for some seconds, and for some minutes while
/// a newer one is being found: a page does not wait for what its reader cannot tell apart.
final class Busiest {
  private static final Logger log = LoggerFactory.getLogger(Busiest.class);
  private static final Duration FRESH = Duration.ofSeconds(10);
  private static final Duration USABLE = Duration.ofMinutes(5);

  private record Question(Duration length, int limit) {}

  private record Known(List<Queries.Changes> rows, Instant at) {}

  private final Map<Question, Known> answers = new ConcurrentHashMap<>();
  private final Set<Question> asking = ConcurrentHashMap.newKeySet();

  /// Those of a time up to now, or up to the moment that the page shows.
  List<Queries.Changes> of(Visit visit, Duration length, int limit) {
    Instant moment = visit.moment();
    if (moment != null) {
      return visit.queries().mostChanging(moment.minus(length), moment, limit);
    }
    var question = new Question(length, limit);
    Known known = answers.get(question);
    Instant now = visit.now();
    if (known == null || known.at.plus(USABLE).isBefore(now)) {
      return ask(visit.queries(), question, now).rows;
    }
    if (known.at.plus(FRESH).isBefore(now) && asking.add(question)) {
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
    var known =
        new Known(
            List.copyOf(queries.mostChanging(now.minus(question.length), question.limit)), now);
    answers.put(question, known);
    return known;
  }
}
