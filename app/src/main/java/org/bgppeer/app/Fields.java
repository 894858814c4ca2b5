package org.bgppeer.app;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The entries of one mapping, by name. What does not belong there is reported at once.
final class Fields {
  /// What routing daemons call what this program calls otherwise.
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry("remote-as", "as"),
          Map.entry("peer-as", "as"),
          Map.entry("neighbor-as", "as"),
          Map.entry("neighbor", "address"),
          Map.entry("neighbor-address", "address"),
          Map.entry("remote-address", "address"),
          Map.entry("peer", "address"),
          Map.entry("ip", "address"),
          Map.entry("prefix", "range"),
          Map.entry("description", "name"),
          Map.entry("descr", "name"),
          Map.entry("update-source", "local-address"),
          Map.entry("source-address", "local-address"),
          Map.entry("source", "local-address"),
          Map.entry("password", "password-file"),
          Map.entry("auth-password", "password-file"),
          Map.entry("md5", "password-file"),
          Map.entry("tcp-md5", "password-file"),
          Map.entry("md5-password", "password-file"),
          Map.entry("ao", "tcp-ao"),
          Map.entry("tcpao", "tcp-ao"),
          Map.entry("id", "send-id"),
          Map.entry("key-id", "send-id"),
          Map.entry("recv-id", "receive-id"),
          Map.entry("secret", "key-file"),
          Map.entry("cryptographic-algorithm", "algorithm"),
          Map.entry("ebgp-multihop", "multihop"),
          Map.entry("gtsm", "ttl-security"),
          Map.entry("maximum-prefix", "max-prefix"),
          Map.entry("prefix-limit", "max-prefix"),
          Map.entry("address-families", "families"),
          Map.entry("afi-safi", "families"),
          Map.entry("family", "families"),
          Map.entry("hold-timer", "hold-time"),
          Map.entry("identifier", "router-id"),
          Map.entry("bgp-identifier", "router-id"),
          Map.entry("peers", "neighbors"));

  private final Place place;
  private final Map<String, Setting.Entry> byKey = new LinkedHashMap<>();
  private final List<Problem> problems;

  /// @param where what the mapping describes, for instance `a neighbor`
  /// @param known every name that may stand there
  Fields(Setting.Entries entries, String where, List<String> known, List<Problem> problems) {
    this.place = entries.place();
    this.problems = problems;
    for (Setting.Entry entry : entries.entries()) {
      String key = entry.key();
      if (!known.contains(key)) {
        String meant = meant(key, known).map(k -> "did you mean " + k + "? ").orElse("");
        problems.add(
            new Problem(
                entry.place(),
                "unknown key '" + key + "' in " + where,
                meant + "allowed are " + String.join(", ", known)));
      } else if (byKey.putIfAbsent(key, entry) != null) {
        problems.add(
            new Problem(
                entry.place(),
                key + " was given before at " + byKey.get(key).place(),
                "give it once"));
      }
    }
  }

  private static Optional<String> meant(String key, List<String> known) {
    String word = ELSEWHERE.get(key.toLowerCase(Locale.ROOT).replace('_', '-'));
    return word != null && known.contains(word) ? Optional.of(word) : Nearest.of(key, known);
  }

  /// Where the mapping begins.
  Place place() {
    return place;
  }

  /// Where this entry stands; the begin of the mapping if there is no such entry.
  Place place(String key) {
    Setting.Entry entry = byKey.get(key);
    return entry == null ? place : entry.place();
  }

  /// The value as it stands there, whatever it is.
  @Nullable Setting value(String key) {
    Setting.Entry entry = byKey.get(key);
    return entry == null ? null : entry.value();
  }

  /// One value; null if it is not there, is empty, or is not one value, which is reported.
  @Nullable String text(String key) {
    Setting value = value(key);
    if (value == null) {
      return null;
    }
    if (value instanceof Setting.Text(_, String text)) {
      if (!text.isBlank()) {
        return text.strip();
      }
      problems.add(
          new Problem(place(key), key + " has no value", "write one behind it or leave it out"));
    } else {
      problems.add(new Problem(place(key), key + " is not one value", "write one value behind it"));
    }
    return null;
  }

  /// One value or a list of values, as texts with their places; empty if it is not there.
  List<Setting.Text> texts(String key) {
    Setting value = value(key);
    return switch (value) {
      case null -> List.of();
      case Setting.Text text -> List.of(text);
      case Setting.Items items -> {
        var texts = new ArrayList<Setting.Text>();
        for (Setting item : items.values()) {
          if (item instanceof Setting.Text text) {
            texts.add(text);
          } else {
            problems.add(
                new Problem(
                    item.place(), "an item of " + key + " is not one value", "write one a line"));
          }
        }
        yield texts;
      }
      case Setting.Entries _, Setting.Known _ -> {
        problems.add(new Problem(value.place(), key + " is not a list", "write [first, second]"));
        yield List.of();
      }
    };
  }

  /// True or false; the default if it is not there.
  boolean flag(String key, boolean otherwise) {
    String text = text(key);
    return switch (text) {
      case null -> otherwise;
      case "true" -> true;
      case "false" -> false;
      default -> {
        problems.add(
            new Problem(place(key), key + " is '" + text + "'", "allowed are true and false"));
        yield otherwise;
      }
    };
  }
}
