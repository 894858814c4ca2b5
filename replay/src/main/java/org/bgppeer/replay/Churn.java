package org.bgppeer.replay;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/// The unrest of a routing table, step by step: the same seed and the same table give the same
/// steps, however fast they are taken.
///
/// A step is one thing that happens somewhere in the Internet: an origin is reached another way, a
/// prefix goes and comes back, a whole origin goes, someone prepends, someone changes a MED or a
/// community. Withdrawals are often preceded by a worse path, as path hunting has it. A quarter of
/// the steps hits the same few restless prefixes, as in real life.
final class Churn {
  private static final int RESTLESS = 60;
  private static final int MOST_AT_ONCE = 40;

  /// What a step did to the table, as numbers of routes.
  record Step(List<Integer> announced, List<Integer> withdrawn) {
    static final Step NOTHING = new Step(List.of(), List.of());

    Step {
      announced = List.copyOf(announced);
      withdrawn = List.copyOf(withdrawn);
    }
  }

  /// What is to happen at a later step.
  private record Pending(long step, long order, boolean announce, List<Integer> routes) {}

  private final RouteTable table;
  private final Random random;
  private final double stepsPerSecond;
  private final PriorityQueue<Pending> pending =
      new PriorityQueue<>(
          Comparator.comparingLong(Pending::step).thenComparingLong(Pending::order));
  private long step;
  private long order;

  /// Of a table with at least one route.
  ///
  /// @param stepsPerSecond only the unit in which a prefix that went counts until it comes back
  Churn(RouteTable table, long seed, double stepsPerSecond) {
    this.table = table;
    this.random = new Random(seed);
    this.stepsPerSecond = stepsPerSecond;
  }

  /// Changes the table by one step, and says how.
  Step next() {
    step++;
    var due = pending.peek();
    if (due != null && due.step() <= step) {
      pending.remove();
      return due.announce() ? comeBack(due.routes()) : withdraw(due.routes(), seconds(3, 90));
    }
    int route = pick();
    if (!table.isAnnounced(route)) {
      return Step.NOTHING;
    }
    int draw = random.nextInt(100);
    if (draw < 30) {
      return announceChanged(announcedOfSameOrigin(route), table::turnPath);
    }
    if (draw < 42) {
      return withdraw(List.of(route), seconds(3, 120));
    }
    if (draw < 52) {
      later(seconds(1, 6), false, List.of(route));
      return announceChanged(
          List.of(route),
          r -> {
            table.turnPath(r);
            table.setPrepends(r, table.prepends(r) + 1);
          });
    }
    if (draw < 55) {
      return withdraw(announcedOfSameOrigin(route), seconds(10, 90));
    }
    if (draw < 57) {
      return withdraw(List.of(route), seconds(600, 3600));
    }
    if (draw < 72) {
      int times = table.prepends(route) == 0 ? 1 + random.nextInt(3) : 0;
      return announceChanged(List.of(route), r -> table.setPrepends(r, times));
    }
    return announceChanged(List.of(route), table::turnTuning);
  }

  private Step announceChanged(List<Integer> routes, IntConsumer change) {
    routes.forEach(change::accept);
    return new Step(routes, List.of());
  }

  private Step withdraw(List<Integer> routes, long stepsAway) {
    var gone = routes.stream().filter(table::isAnnounced).toList();
    gone.forEach(route -> table.setAnnounced(route, false));
    if (!gone.isEmpty()) {
      later(stepsAway, true, gone);
    }
    return new Step(List.of(), gone);
  }

  private Step comeBack(List<Integer> routes) {
    var back = routes.stream().filter(route -> !table.isAnnounced(route)).toList();
    back.forEach(
        route -> {
          table.setAnnounced(route, true);
          table.setPrepends(route, 0);
        });
    return new Step(back, List.of());
  }

  private void later(long steps, boolean announce, List<Integer> routes) {
    pending.add(new Pending(step + steps, order++, announce, routes));
  }

  private long seconds(int from, int to) {
    return Math.max(1, Math.round((from + random.nextInt(to - from)) * stepsPerSecond));
  }

  private int pick() {
    return random.nextInt(4) == 0
        ? Chance.below(table.size(), random.nextInt(RESTLESS))
        : random.nextInt(table.size());
  }

  private List<Integer> announcedOfSameOrigin(int route) {
    return IntStream.concat(IntStream.of(route), table.sameOrigin(route).filter(r -> r != route))
        .filter(table::isAnnounced)
        .limit(MOST_AT_ONCE)
        .boxed()
        .toList();
  }
}
