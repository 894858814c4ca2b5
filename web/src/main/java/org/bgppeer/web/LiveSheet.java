package org.bgppeer.web;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a collector that runs knows of a neighbor, as a person reads it: messages of this session
/// beside all, what else was counted, and the session itself.
///
/// @param messages that came and went
/// @param others what else was counted, errors above all
/// @param groups the rest: the session, its timers, the last NOTIFICATION of either side
public record LiveSheet(List<Count> messages, List<Count> others, List<Group> groups) {

  /// What stands at the head of the page already.
  private static final Set<String> KNOWN = Set.of("name", "address", "as");

  private static final String SECONDS = " seconds";
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
  private static final Pattern NAME = Pattern.compile("[A-Z]+(_[A-Z]+)+");
  private static final Pattern INSTANT = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T.*Z");

  /// A number of the collector.
  ///
  /// @param key names it for live updating
  /// @param last of it in the session that is up, or else in the last one; null if it is not
  ///     counted by session, or there was none
  public record Count(String key, String name, String all, @Nullable String last) {}

  /// Facts of one kind.
  public record Group(String title, List<Line> lines) {}

  /// One of them.
  public record Line(String name, String value) {}

  static LiveSheet of(List<LiveNeighbor.Fact> facts) {
    Map<String, String> last = new HashMap<>();
    for (LiveNeighbor.Fact fact : facts) {
      if (fact.group().equals("last session")) {
        last.put(fact.name(), number(fact.value()));
      }
    }
    var messages = new ArrayList<Count>();
    var others = new ArrayList<Count>();
    var groups = new LinkedHashMap<String, List<Line>>();
    for (LiveNeighbor.Fact fact : facts) {
      switch (fact.group()) {
        case "last session" -> {} // beside those in all
        case "counters" -> {
          var count =
              new Count(
                  "c-" + fact.name().replace(' ', '-'),
                  name(fact.name()),
                  number(fact.value()),
                  last.get(fact.name()));
          boolean message = fact.name().endsWith(" received") || fact.name().endsWith(" sent");
          (message ? messages : others).add(count);
        }
        default -> {
          if (!fact.group().isEmpty() || !KNOWN.contains(fact.name())) {
            groups.computeIfAbsent(title(fact.group()), _ -> new ArrayList<>()).add(line(fact));
          }
        }
      }
    }
    return new LiveSheet(
        messages,
        others,
        groups.entrySet().stream().map(each -> new Group(each.getKey(), each.getValue())).toList());
  }

  private static String title(String group) {
    return switch (group) {
      case "" -> "Session";
      case "timers seconds left" -> "Timers";
      default -> name(group);
    };
  }

  private static Line line(LiveNeighbor.Fact fact) {
    if (fact.group().equals("timers seconds left")) {
      return new Line(name(fact.name()), fact.value() + " s left");
    }
    if (fact.name().endsWith(SECONDS)) {
      String name = fact.name().substring(0, fact.name().length() - SECONDS.length());
      return new Line(name(name), fact.value() + " s");
    }
    return new Line(name(fact.name()), value(fact.value()));
  }

  /// `Ends of RIB sent`.
  private static String name(String words) {
    String name = words.replaceFirst("^fsm ", "FSM ").replace(" rib ", " RIB ");
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  private static String number(String value) {
    return NUMBER.matcher(value).matches() ? Text.exact(Long.parseLong(value)) : value;
  }

  private static String value(String text) {
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true") ? "yes" : "no";
    }
    if (NAME.matcher(text).matches()) {
      return text.toLowerCase(Locale.ROOT).replace('_', ' ');
    }
    if (INSTANT.matcher(text).matches()) {
      try {
        return Text.whole(Instant.parse(text));
      } catch (DateTimeParseException e) {
        return text;
      }
    }
    return text;
  }
}
