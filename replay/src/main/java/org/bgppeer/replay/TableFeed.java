package org.bgppeer.replay;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Negotiated;

/// A table of simulated routes, and then its churn. The table outlives the session: what a next
/// session is sent is what the table is by then.
final class TableFeed implements Feed {
  private static final long NANOS = 1_000_000_000L;

  /// How many steps a broken message stands before what it announced is sent again as it should be.
  private static final int STEPS_TO_REPAIR = 20;

  private final RouteTable table;
  private final boolean addPath;
  private final double stepsPerSecond;
  private final int breakEvery;
  private final Churn churn;
  private long nextNanos;
  private int sinceBroken;
  private List<Integer> broken = List.of();

  /// @param stepsPerSecond how often something happens; 0 for a table that never changes
  /// @param breakEvery after so many steps one is announced malformed; 0 for never
  TableFeed(RouteTable table, boolean addPath, long seed, double stepsPerSecond, int breakEvery) {
    this.table = table;
    this.addPath = addPath;
    this.stepsPerSecond = stepsPerSecond;
    this.breakEvery = breakEvery;
    this.churn = new Churn(table, seed, stepsPerSecond);
  }

  @Override
  public Offer offer() {
    var families = Set.of(Family.IPV4_UNICAST, Family.IPV6_UNICAST);
    return new Offer(families, true, addPath ? families : Set.of(), true);
  }

  @Override
  public Iterator<byte[]> begin(Negotiated agreed, long now) {
    nextNanos = now + interval();
    var messages = new ArrayList<byte[]>();
    for (var family : new TreeSet<>(agreed.families())) {
      messages.addAll(routes(agreed, family));
      messages.add(UpdateEncoder.of(agreed).endOfRib(family));
    }
    return messages.iterator();
  }

  @Override
  public Iterator<byte[]> refresh(Negotiated agreed, Family family) {
    return routes(agreed, family).iterator();
  }

  private List<byte[]> routes(Negotiated agreed, Family family) {
    var messages = new ArrayList<byte[]>();
    table
        .announced(family, agreed.addPathReceive().contains(family))
        .forEach(
            (attributes, routes) ->
                messages.addAll(UpdateEncoder.of(agreed).announce(family, attributes, routes)));
    return messages;
  }

  @Override
  public long nanosToNext(long now) {
    return stepsPerSecond == 0 || table.size() == 0 ? Long.MAX_VALUE : nextNanos - now;
  }

  @Override
  public List<byte[]> next(Negotiated agreed) {
    nextNanos += interval();
    var step = churn.next();
    var messages = messages(agreed, step);
    sinceBroken++;
    if (sinceBroken == STEPS_TO_REPAIR && !broken.isEmpty()) {
      messages.addAll(messages(agreed, again(broken)));
      broken = List.of();
    }
    if (breakEvery > 0 && sinceBroken >= breakEvery && step.withdrawn().isEmpty()) {
      var malformed =
          messages.stream().filter(Malformed::isPossible).map(Malformed::largeCommunities).toList();
      if (!malformed.isEmpty()) {
        broken = step.announced();
        sinceBroken = 0;
        return malformed;
      }
    }
    return messages;
  }

  private Churn.Step again(List<Integer> routes) {
    return new Churn.Step(routes.stream().filter(table::isAnnounced).toList(), List.of());
  }

  private long interval() {
    return stepsPerSecond == 0 ? 0 : (long) (NANOS / stepsPerSecond);
  }

  /// A step as messages: withdrawals first, then what is announced, packed by what it is announced
  /// with.
  private List<byte[]> messages(Negotiated agreed, Churn.Step step) {
    var encoder = UpdateEncoder.of(agreed);
    var messages = new ArrayList<byte[]>();
    for (var family : new TreeSet<>(agreed.families())) {
      var withdrawn =
          step.withdrawn().stream()
              .filter(r -> isSent(agreed, family, r))
              .map(table::nlri)
              .toList();
      messages.addAll(encoder.withdraw(family, withdrawn));
      var announced = new LinkedHashMap<RouteAttributes, List<Nlri>>();
      step.announced().stream()
          .filter(route -> isSent(agreed, family, route))
          .forEach(
              route ->
                  announced
                      .computeIfAbsent(table.attributes(route), _ -> new ArrayList<>())
                      .add(table.nlri(route)));
      announced.forEach(
          (attributes, routes) -> messages.addAll(encoder.announce(family, attributes, routes)));
    }
    return messages;
  }

  private boolean isSent(Negotiated agreed, Family family, int route) {
    return table.family(route).equals(family)
        && table.isCarried(route, agreed.addPathReceive().contains(family));
  }
}
