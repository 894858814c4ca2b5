package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// Questions by community, next hop and AS in the path have the answers that a look at every route
/// has.
final class ValueAnswers {
  private ValueAnswers() {}

  /// Compares them, now or then.
  ///
  /// @param count of routes whose attributes are asked for
  static void same(Queries queries, @Nullable Instant at, Random random, int count) {
    var everything = all(queries, RouteQuery.all(5_000).withAt(at));
    if (everything.isEmpty()) {
      return;
    }
    var page = RouteQuery.all(10 + random.nextInt(40)).withAt(at);
    for (int i = 0; i < count; i++) {
      var asked = everything.get(random.nextInt(everything.size()));
      var questions = List.copyOf(questions(asked, page).entrySet());
      if (questions.isEmpty()) {
        continue;
      }
      var question = questions.get(random.nextInt(questions.size()));
      var query = question.getKey();
      var has = question.getValue();
      compare(queries, query, everything, has);
      if (at == null) {
        boolean active = random.nextBoolean();
        compare(queries, query.withActive(active), everything, has.and(r -> r.active() == active));
      }
      var of = everything.get(random.nextInt(everything.size()));
      compare(
          queries,
          query.withNeighbor(of.neighbor()).withFamily(of.family()),
          everything,
          has.and(r -> r.neighbor().equals(of.neighbor()) && r.family().equals(of.family())));
    }
    compare(queries, page.withCommunity("64999:1"), everything, _ -> false);
    compare(queries, page.withPathAs(64999L), everything, _ -> false);
  }

  private static Map<RouteQuery, Predicate<RouteRow>> questions(RouteRow of, RouteQuery page) {
    var questions = new LinkedHashMap<RouteQuery, Predicate<RouteRow>>();
    Predicate<RouteRow> nextHop =
        row -> row.nextHop().split(" ")[0].equals(of.nextHop().split(" ")[0]);
    if (!of.nextHop().isEmpty()) {
      questions.put(page.withNextHop(of.nextHop().split(" ")[0]), nextHop);
    }
    for (String as : numbers(of.asPath())) {
      questions.put(page.withPathAs(Long.valueOf(as)), row -> numbers(row.asPath()).contains(as));
    }
    for (String community : words(of.communities())) {
      Predicate<RouteRow> has = row -> words(row.communities()).contains(community);
      questions.put(page.withCommunity(community), has);
      String begin = community.substring(0, community.indexOf(':') + 1);
      questions.put(
          page.withCommunity(begin + "*"),
          row -> words(row.communities()).stream().anyMatch(each -> each.startsWith(begin)));
      String end = community.substring(community.indexOf(':'));
      questions.put(
          page.withCommunity("*" + end),
          row -> words(row.communities()).stream().anyMatch(each -> each.endsWith(end)));
      questions.put(
          page.withCommunity(community).withNextHop(of.nextHop().split(" ")[0]), has.and(nextHop));
      var half = Prefix.parse("0.0.0.0/1");
      questions.put(
          page.withCommunity(community).withPrefix(half, RouteQuery.Match.LONGER),
          has.and(
              row ->
                  row.family().matches("ipv4-(unicast|multicast|labeled-unicast)")
                      && half.contains(Prefix.parse(row.prefix()))));
    }
    for (String community : words(of.largeCommunities())) {
      questions.put(
          page.withCommunity(community), row -> words(row.largeCommunities()).contains(community));
    }
    for (String community : words(of.extCommunities())) {
      questions.put(
          page.withCommunity(community), row -> words(row.extCommunities()).contains(community));
    }
    return questions;
  }

  private static void compare(
      Queries queries, RouteQuery query, List<RouteRow> everything, Predicate<RouteRow> has) {
    var expected = everything.stream().filter(has).toList();
    assertThat(all(queries, query)).as(query.toString()).isEqualTo(expected);
    assertThat(queries.count(query)).as(query.toString()).isEqualTo(expected.size());
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty()).toList();
  }

  private static List<String> numbers(String text) {
    return Arrays.stream(text.split("[^0-9]+")).filter(word -> !word.isEmpty()).toList();
  }

  private static List<RouteRow> all(Queries queries, RouteQuery query) {
    var rows = new ArrayList<RouteRow>();
    for (var next = query; next != null; ) {
      var page = queries.routes(next);
      rows.addAll(page.routes());
      next = page.next() == null ? null : next.withAfter(page.next());
    }
    return rows;
  }
}
