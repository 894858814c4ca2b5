package org.bgppeer.web;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What only a collector that runs knows of its neighbors: counters, timers, the last NOTIFICATION
/// of either side. It tells it as JSON, whose names these are.
public final class LiveNeighbor {
  private LiveNeighbor() {}

  /// One thing that is known.
  ///
  /// @param group what it is one of; empty for the session itself
  public record Fact(String group, String name, String value) {}

  /// All of one neighbor but what its OPENs say.
  ///
  /// @throws WebAccess.Refused if no collector runs here, or it does not have that neighbor
  static List<Fact> facts(WebAccess.@Nullable Actions collector, String neighbor)
      throws WebAccess.Refused {
    var facts = new ArrayList<Fact>();
    ask(collector, List.of("detail", neighbor))
        .properties()
        .forEach(
            entry -> {
              String name = entry.getKey().replace('_', ' ');
              JsonNode value = entry.getValue();
              if (value.isObject()) {
                value
                    .properties()
                    .forEach(
                        one ->
                            facts.add(
                                new Fact(
                                    name, one.getKey().replace('_', ' '), text(one.getValue()))));
              } else if (!value.isArray() && !value.isNull()) {
                facts.add(new Fact("", name, text(value)));
              }
            });
    return facts;
  }

  /// How many messages of a type came and went.
  ///
  /// @param received, sent since the collector started
  /// @param lastReceived, lastSent in the session that is up, or else in the last one; null if
  ///     there was none since the collector started
  public record Messages(
      String type,
      long received,
      long sent,
      @Nullable Long lastReceived,
      @Nullable Long lastSent) {}

  /// Those of one neighbor, by type; none if no collector runs here, or it does not have that
  /// neighbor.
  static List<Messages> messages(WebAccess.@Nullable Actions collector, String neighbor) {
    try {
      JsonNode detail = ask(collector, List.of("detail", neighbor));
      return List.of(
          messages(detail, "UPDATE", "updates_received", "ends_of_rib_sent"),
          messages(detail, "KEEPALIVE", "keepalives_received", "keepalives_sent"),
          messages(detail, "ROUTE-REFRESH", "route_refreshes_received", "route_refreshes_sent"),
          messages(detail, "NOTIFICATION", "notifications_received", "notifications_sent"),
          messages(detail, "OPEN", "opens_received", "opens_sent"));
    } catch (WebAccess.Refused e) {
      return List.of();
    }
  }

  private static Messages messages(JsonNode detail, String type, String received, String sent) {
    JsonNode all = detail.path("counters");
    JsonNode last = detail.path("last_session");
    return new Messages(
        type,
        all.path(received).asLong(0),
        all.path(sent).asLong(0),
        last.isMissingNode() ? null : (Long) last.path(received).asLong(0),
        last.isMissingNode() ? null : (Long) last.path(sent).asLong(0));
  }

  /// All neighbors, an object each: `name`, `counters`, `hold_time_seconds` and so on; none if no
  /// collector runs here.
  static List<JsonNode> all(WebAccess.@Nullable Actions collector) {
    var all = new ArrayList<JsonNode>();
    try {
      ask(collector, List.of("counters")).forEach(all::add);
    } catch (WebAccess.Refused e) {
      return List.of(); // the frontend alone
    }
    return all;
  }

  private static JsonNode ask(WebAccess.@Nullable Actions collector, List<String> words)
      throws WebAccess.Refused {
    if (collector == null) {
      throw new WebAccess.Refused("no collector runs here", new IllegalStateException());
    }
    try {
      return JsonMapper.shared().readTree(collector.carryOut(words));
    } catch (JacksonException e) {
      throw new WebAccess.Refused("the collector is of another version", e);
    }
  }

  private static String text(JsonNode value) {
    return value.isString() ? value.asString() : value.toString();
  }
}
