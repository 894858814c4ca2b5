package org.bgppeer.app;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bgppeer.session.Counter;
import org.bgppeer.session.NeighborConfig;
import org.bgppeer.session.NeighborDetail;
import org.bgppeer.session.NeighborStatus;
import org.bgppeer.session.State;
import org.bgppeer.web.OpenTable;
import org.bgppeer.wire.Negotiated;
import org.jspecify.annotations.Nullable;

/// All that a running collector knows of one neighbor, as `neighbors NAME --format json` has it.
final class NeighborTree {
  private NeighborTree() {}

  static Map<String, Object> of(NeighborDetail detail) {
    NeighborStatus status = detail.status();
    NeighborConfig config = status.neighbor();
    var tree = new LinkedHashMap<String, Object>();
    tree.put("name", config.name());
    tree.put("address", Address.text(config.address()));
    tree.put("as", config.as());
    tree.put("state", status.state().label());
    tree.put("since", time(status.since()));
    tree.put("reading", status.reading());
    Negotiated negotiated = negotiated(status);
    if (negotiated != null) {
      tree.put("hold_time_seconds", negotiated.holdTime().toSeconds());
      tree.put("keepalive_time_seconds", negotiated.holdTime().toSeconds() / 3);
    }
    if (detail.peer() != null && detail.local() != null) {
      tree.put("connection_from", Address.text(detail.dialled() ? detail.local() : detail.peer()));
      tree.put("connection_to", Address.text(detail.dialled() ? detail.peer() : detail.local()));
    }
    if (status.lastCause() != null) {
      tree.put("last_end", status.lastCause().name());
    }
    tree.put("last_notification_received", told(status.lastReceived()));
    tree.put("last_notification_sent", told(status.lastSent()));
    tree.put("failures_in_a_row", detail.failures());
    var timers = new LinkedHashMap<String, Object>();
    detail.timers().forEach((name, left) -> timers.put(name, seconds(left)));
    tree.put("timers_seconds_left", timers);
    if (detail.keptSince() != null) {
      var kept = new LinkedHashMap<String, Object>();
      detail
          .kept()
          .forEach(
              one ->
                  kept.put(
                      one.family().toString(),
                      time(
                          detail
                              .keptSince()
                              .plusSeconds(one.restartSeconds() + one.longLivedSeconds()))));
      tree.put("routes_kept_until", kept);
    }
    tree.put("counters", counters(status.counters()));
    if (!detail.lastSession().isEmpty()) {
      Map<String, Object> last = counters(detail.lastSession());
      last.keySet().removeIf(name -> !name.endsWith("_received") && !name.endsWith("_sent"));
      tree.put("last_session", last);
    }
    if (detail.theirs() != null) {
      List<Object> agreed = new ArrayList<>();
      for (OpenTable.Row row : OpenTable.of(detail.ours(), detail.theirs()).rows()) {
        var line = new LinkedHashMap<String, Object>();
        line.put("what", row.name());
        line.put("we", row.we());
        line.put("they", row.they());
        line.put("in_use", row.inUse() == null ? null : row.inUse().word());
        line.put("note", row.note());
        agreed.add(line);
      }
      tree.put("open", agreed);
    }
    return tree;
  }

  /// Of one of many: what is counted, and what a metric is made of.
  static Map<String, Object> counted(NeighborStatus status) {
    var tree = new LinkedHashMap<String, Object>();
    tree.put("name", status.neighbor().name());
    Negotiated negotiated = negotiated(status);
    tree.put("hold_time_seconds", negotiated == null ? null : negotiated.holdTime().toSeconds());
    tree.put("last_notification_received", told(status.lastReceived()));
    tree.put("last_notification_sent", told(status.lastSent()));
    tree.put("counters", counters(status.counters()));
    return tree;
  }

  private static Map<String, Object> counters(Map<Counter, Long> counted) {
    var counters = new LinkedHashMap<String, Object>();
    counted.forEach((counter, count) -> counters.put(counter.text(), count));
    return counters;
  }

  private static @Nullable Negotiated negotiated(NeighborStatus status) {
    return switch (status.state()) {
      case State.OpenConfirm(var negotiated) -> negotiated;
      case State.Established(var negotiated) -> negotiated;
      case State.Idle _, State.Connect _, State.Active _, State.OpenSent _ -> null;
    };
  }

  private static double seconds(Duration time) {
    return Math.round(time.toMillis() / 100.0) / 10.0;
  }

  private static String time(Instant at) {
    return Moment.iso(at);
  }

  private static @Nullable Map<String, Object> told(NeighborStatus.@Nullable Told told) {
    if (told == null) {
      return null;
    }
    var tree = new LinkedHashMap<String, Object>();
    tree.put("at", time(told.at()));
    tree.put("notification", told.notification().toString());
    tree.put("code", told.notification().code());
    tree.put("subcode", told.notification().subcode());
    return tree;
  }
}
