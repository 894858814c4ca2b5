package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.bgppeer.store.RouteQuery.Match;
import org.bgppeer.wire.Prefix;
import org.bgppeer.wire.Updates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// How SQLite finds what is asked for: what docs/queries.md says about indexes is so.
class QueryPlanTest {
  private static final String A = "192.0.2.1";
  private static final Prefix PREFIX = Prefix.parse("10.1.0.0/16");
  private static final Prefix INSIDE = Prefix.parse("10.1.2.0/24");

  /// What a question may cost.
  private enum Cost {
    /// Some descents of trees.
    INDEX,
    /// Routes in the order of their key, until the page is full.
    PAGE,
    /// The same, many of which may not be what is asked for: said in the help.
    WALK,
    /// A look at all attribute sets, and a walk: said in the help.
    SETS
  }

  @TempDir Path directory;
  private Story story;

  @BeforeEach
  void begin() throws Exception {
    story = new Story(directory);
    story
        .up(A, 64500)
        .update(A, 64500, new Updates().usual(A, 64500, 64511).nlri("10.0.0.0/8", "10.1.0.0/16"))
        .update(A, 64500, new Updates().usual(A, 64500, 64512).nlri("10.1.0.0/16"))
        .settle();
  }

  @AfterEach
  void end() throws Exception {
    story.close();
  }

  private static Arguments routes(Cost cost, RouteQuery query) {
    return Arguments.of(cost, query.toString(), (Consumer<Queries>) q -> q.routes(query));
  }

  private static Arguments other(Cost cost, String name, Consumer<Queries> question) {
    return Arguments.of(cost, name, question);
  }

  static Stream<Arguments> questions() {
    var all = RouteQuery.all(50);
    var past = Story.BEGIN.plusSeconds(4);
    String behind = "1.257.0a00000008.-1";
    var questions = new ArrayList<Arguments>();
    for (var match : Match.values()) {
      var query = all.withPrefix(PREFIX, match).withInner(true);
      questions.add(routes(Cost.INDEX, query));
      questions.add(routes(Cost.INDEX, query.withAt(past)));
      questions.add(routes(Cost.INDEX, query.withOriginAs(64511L)));
      questions.add(routes(Cost.INDEX, query.withAsPath("_64511$").withCommunity("64500:*")));
      questions.add(routes(Cost.INDEX, query.withNextHop(A).withReason("replaced")));
    }
    questions.add(routes(Cost.INDEX, all.withNlri("64500:100 192.0.2.0/24")));
    questions.add(routes(Cost.INDEX, all.withOriginAs(64511L)));
    questions.add(routes(Cost.INDEX, all.withOriginAs(64511L).withAfter(behind)));
    questions.add(routes(Cost.INDEX, all.withOriginAs(64511L).withAt(past)));
    questions.add(routes(Cost.INDEX, all.withOriginAs(64511L).withPathAs(64500L)));
    questions.add(routes(Cost.PAGE, all));
    questions.add(routes(Cost.PAGE, all.withNeighbor(A)));
    questions.add(routes(Cost.PAGE, all.withNeighbor(A).withAfter(behind)));
    questions.add(routes(Cost.PAGE, all.withFamily("ipv4-unicast").withAfter(behind)));
    questions.add(routes(Cost.WALK, all.withActive(false)));
    questions.add(routes(Cost.WALK, all.withReason("withdrawn").withAfter(behind)));
    questions.add(routes(Cost.WALK, all.withAt(past)));
    for (var query :
        List.of(
            all.withPathAs(64511L),
            all.withPathAs(64500L).withAsPath("_64511$"),
            all.withCommunity("64500:100"),
            all.withCommunity("64500:*"),
            all.withNextHop(A))) {
      questions.add(routes(Cost.INDEX, query));
      questions.add(routes(Cost.INDEX, query.withActive(true).withAfter(behind)));
      questions.add(routes(Cost.INDEX, query.withAt(past)));
      questions.add(other(Cost.INDEX, "count " + query, q -> q.count(query)));
    }
    questions.add(routes(Cost.SETS, all.withAsPath("_64511$").withAfter(behind)));
    questions.addAll(
        List.of(
            other(Cost.INDEX, "longestMatch", q -> q.longestMatch(Prefix.ofAddress("10.1.2.3"))),
            other(Cost.INDEX, "covering", q -> q.covering(PREFIX)),
            other(Cost.INDEX, "moreSpecific", q -> q.moreSpecific(PREFIX, null, 50)),
            other(Cost.INDEX, "originated", q -> q.originated(64511, PREFIX, 50)),
            other(
                Cost.INDEX,
                "originated, without a walk",
                q -> q.indexed().originated(64511, PREFIX, 50)),
            other(Cost.INDEX, "routes of an origin", q -> q.originRoutes(64511, 50)),
            other(
                Cost.INDEX,
                "routes of an origin, without a walk",
                q -> q.indexed().originRoutes(64511, 50)),
            other(Cost.INDEX, "held earlier", q -> q.heldEarlier(64511, past, 50)),
            other(Cost.INDEX, "unindexed", Queries::unindexed),
            other(Cost.INDEX, "history", q -> q.history(PREFIX, 50)),
            other(Cost.INDEX, "histories", q -> q.history(List.of(PREFIX, INSIDE), null, 50)),
            other(Cost.INDEX, "histories since", q -> q.history(List.of(PREFIX, INSIDE), past, 50)),
            other(
                Cost.INDEX,
                "histories since, of neighbors",
                q ->
                    q.histories(
                        List.of(
                            new Queries.NeighborPrefix(A, PREFIX),
                            new Queries.NeighborPrefix(A, INSIDE)),
                        past,
                        50)),
            other(Cost.INDEX, "holders", q -> q.holders(List.of(PREFIX, INSIDE))),
            other(Cost.INDEX, "history, text", q -> q.history("64500:100 192.0.2.0/24", 50)),
            other(Cost.INDEX, "changing", q -> q.mostChanging(past, 10)),
            other(Cost.INDEX, "neighbors", Queries::neighbors),
            other(Cost.INDEX, "count", q -> q.count(all.withNeighbor(A).withActive(true))),
            other(Cost.INDEX, "sessions", q -> q.sessions(A, null, 50)),
            other(Cost.INDEX, "sessions at", q -> q.sessionsAt(A, past, 50)),
            other(Cost.INDEX, "events", q -> q.events(A, null, past, 50)),
            other(Cost.INDEX, "findings", q -> q.findings(past)),
            other(Cost.INDEX, "oldest", Queries::oldest),
            other(Cost.INDEX, "health", Queries::health),
            other(Cost.INDEX, "changes of a minute", q -> q.changesIn(past)),
            other(Cost.INDEX, "trends", q -> q.changes(past, Duration.ofMinutes(30), 48)),
            other(
                Cost.INDEX,
                "counts",
                q -> q.counts(A, past, past.plusSeconds(60), Duration.ofMinutes(1))),
            other(
                Cost.INDEX,
                "counts over time of a family",
                q ->
                    q.counts(
                        A, "ipv4-unicast", past, past.plusSeconds(60), Duration.ofMinutes(1)))));
    return questions.stream();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("questions")
  void aQuestionCostsWhatTheHelpSays(Cost cost, String name, Consumer<Queries> question)
      throws Exception {
    var statements = new LinkedHashSet<String>();
    question.accept(new SqlQueries(story.database, listened(statements), null));

    var plans = plans(statements);

    assertThat(statements).as(name).isNotEmpty();
    assertThat(plans)
        .noneMatch(
            line ->
                line.matches(
                    "SCAN (r|c|h|o|nlri|route|route_history|origin_prefix|value_stretch|value_shared)("
                        + " .*)?"));
    if (cost != Cost.SETS) {
      assertThat(plans).noneMatch(line -> line.matches("SCAN (a|path_attributes)( .*)?"));
    }
    if (cost == Cost.INDEX) {
      assertThat(plans)
          .as("an index of a whole table, made for one question")
          .noneMatch(line -> line.matches("SEARCH [achor] USING AUTOMATIC.*"));
      assertThat(plans)
          .noneMatch(
              line ->
                  line.matches(
                      "SEARCH (r|c|route) USING PRIMARY KEY \\((neighbor_id=\\?( AND"
                          + " family=\\?)?)?\\).*"));
    } else {
      assertThat(plans).noneMatch(line -> line.contains("TEMP B-TREE FOR ORDER BY"));
    }
  }

  /// The pool of readers; it notes what is prepared.
  private DataSource listened(Set<String> statements) {
    var readers = story.database.readers();
    return proxy(
        DataSource.class,
        readers,
        (_, result) ->
            result instanceof Connection connection
                ? proxy(
                    Connection.class,
                    connection,
                    (arguments, prepared) -> {
                      if (arguments.length > 0 && arguments[0] instanceof String sql) {
                        statements.add(sql);
                      }
                      return prepared;
                    })
                : result);
  }

  private interface After {
    Object called(Object[] arguments, Object result);
  }

  private static <T> T proxy(Class<T> type, T real, After after) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              try {
                return after.called(
                    arguments == null ? new Object[0] : arguments, method.invoke(real, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private List<String> plans(Set<String> statements) throws Exception {
    var lines = new ArrayList<String>();
    try (var connection = story.database.reader()) {
      story.database.teach(connection);
      for (String sql : statements) {
        try (var explain = connection.prepareStatement("EXPLAIN QUERY PLAN " + sql);
            var rows = explain.executeQuery()) {
          String before = "";
          while (rows.next()) {
            String line = rows.getString("detail");
            if (!before.equals(
                "SCAN t")) { // tables that the index does not have yet: they are walked
              lines.add(line);
            }
            before = line;
          }
        }
      }
    }
    return lines;
  }
}
