package org.bgppeer.web;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bgppeer.store.RouteRow;
import org.jspecify.annotations.Nullable;

/// What differs between two versions of a path, attribute by attribute.
///
/// @param rows the attributes that differ
/// @param same those that do not, each as `name value`
public record VersionDiff(List<Row> rows, List<String> same) {
  public VersionDiff {
    rows = List.copyOf(rows);
    same = List.copyOf(same);
  }

  /// One attribute before and after.
  public record Row(String name, List<Word> before, List<Word> after) {
    /// The whole value before.
    public String textBefore() {
      return text(before);
    }

    /// The whole value after.
    public String textAfter() {
      return text(after);
    }

    private static String text(List<Word> words) {
      return words.stream().map(Word::text).collect(Collectors.joining(" "));
    }
  }

  /// One word of a value.
  ///
  /// @param differs whether the other side does not have it
  public record Word(String text, boolean differs) {}

  /// Compares two versions.
  public static VersionDiff of(RouteRow before, RouteRow after) {
    var rows = new ArrayList<Row>();
    var same = new ArrayList<String>();
    compare(rows, same, "AS path", words(before.asPath()), words(after.asPath()), true);
    compare(rows, same, "Next hop", words(before.nextHop()), words(after.nextHop()), false);
    if (!before.details().isEmpty() || !after.details().isEmpty()) {
      compare(rows, same, "NLRI", line(before.details()), line(after.details()), false);
    }
    compare(rows, same, "Origin", words(before.origin()), words(after.origin()), false);
    compare(rows, same, "MED", number(before.med()), number(after.med()), false);
    compare(rows, same, "Local pref", number(before.localPref()), number(after.localPref()), false);
    compare(
        rows, same, "Communities", words(before.communities()), words(after.communities()), false);
    compare(
        rows,
        same,
        "Large communities",
        words(before.largeCommunities()),
        words(after.largeCommunities()),
        false);
    compare(
        rows,
        same,
        "Extended communities",
        words(before.extCommunities()),
        words(after.extCommunities()),
        false);
    compare(
        rows,
        same,
        "Atomic aggregate",
        before.atomicAggregate() ? List.of("set") : List.of(),
        after.atomicAggregate() ? List.of("set") : List.of(),
        false);
    compare(rows, same, "Aggregator", line(before.aggregator()), line(after.aggregator()), false);
    compare(
        rows,
        same,
        "Other",
        lines(before.otherAttributes()),
        lines(after.otherAttributes()),
        false);
    return new VersionDiff(rows, same);
  }

  /// Two paths in the form of the AS path row: what came is marked.
  static List<Word> path(String before, String after) {
    return sequence(words(after), words(before));
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : Arrays.asList(text.strip().split(" +"));
  }

  private static List<String> lines(String text) {
    return text.isBlank() ? List.of() : Arrays.asList(text.strip().split("\n"));
  }

  private static List<String> line(@Nullable String text) {
    return text == null ? List.of() : List.of(text);
  }

  private static List<String> number(@Nullable Long number) {
    return number == null ? List.of() : List.of(Long.toString(number));
  }

  private static void compare(
      List<Row> rows,
      List<String> same,
      String name,
      List<String> allBefore,
      List<String> allAfter,
      boolean ordered) {
    List<String> before = shortened(allBefore);
    List<String> after = shortened(allAfter);
    if (allBefore.equals(allAfter)) {
      same.add(after.isEmpty() ? "no " + name : name + " " + String.join(" ", after));
    } else if (ordered) {
      rows.add(new Row(name, sequence(before, after), sequence(after, before)));
    } else {
      rows.add(
          new Row(
              name, marked(before, new HashSet<>(after)), marked(after, new HashSet<>(before))));
    }
  }

  /// Words that a person reads: a message of 64 KiB has room for more than anybody would, and
  /// comparing them takes their number squared.
  private static final int READABLE = 300;

  private static List<String> shortened(List<String> words) {
    if (words.size() <= READABLE) {
      return words;
    }
    var some = new ArrayList<>(words.subList(0, READABLE));
    some.add("… " + Text.exact(words.size() - READABLE) + " more");
    return some;
  }

  private static List<Word> marked(List<String> words, Set<String> other) {
    return words.stream().map(word -> new Word(word, !other.contains(word))).toList();
  }

  /// Marks the words of a sequence that are not in its longest common subsequence with another.
  private static List<Word> sequence(List<String> words, List<String> other) {
    int n = words.size();
    int m = other.size();
    var common = new int[n + 1][m + 1];
    for (int i = n - 1; i >= 0; i--) {
      for (int j = m - 1; j >= 0; j--) {
        common[i][j] =
            words.get(i).equals(other.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    var marked = new ArrayList<Word>();
    int j = 0;
    for (int i = 0; i < n; i++) {
      while (j < m && !words.get(i).equals(other.get(j)) && common[i][j + 1] == common[i][j]) {
        j++;
      }
      boolean kept = j < m && words.get(i).equals(other.get(j));
      marked.add(new Word(words.get(i), !kept));
      if (kept) {
        j++;
      }
    }
    return marked;
  }

  /// What changed, as one short sentence or two.
  public String words() {
    if (rows.isEmpty()) {
      return "Sent again with no difference.";
    }
    var said = new ArrayList<String>();
    for (Row row : rows) {
      said.add(
          switch (row.name) {
            case "AS path" -> pathWords(row);
            case "Next hop" -> "Next hop is now " + text(row.after) + ".";
            case "MED", "Local pref", "Origin" ->
                row.name + " " + text(row.before) + " → " + text(row.after) + ".";
            default -> row.name + " changed.";
          });
    }
    if (said.size() > 2) {
      return said.getFirst() + " " + (said.size() - 1) + " more attributes changed.";
    }
    return String.join(" ", said);
  }

  private static String text(List<Word> words) {
    if (words.isEmpty()) {
      return "none";
    }
    return String.join(" ", words.stream().map(Word::text).toList());
  }

  private static String pathWords(Row row) {
    var before = new ArrayList<>(row.before.stream().map(Word::text).distinct().toList());
    var after = new ArrayList<>(row.after.stream().map(Word::text).distinct().toList());
    if (before.equals(after)) {
      int more = row.after.size() - row.before.size();
      if (more > 0) {
        return "Prepended " + times(more) + " more.";
      }
      return more < 0 ? "Prepended " + times(-more) + " less." : "Prepending changed.";
    }
    var gone = new ArrayList<>(before);
    gone.removeAll(after);
    var come = new ArrayList<>(after);
    come.removeAll(before);
    if (come.isEmpty() && gone.isEmpty()) {
      return "The order in the path changed.";
    }
    if (come.isEmpty() && gone.size() == 1) {
      return "Path changed: " + as(gone.getFirst()) + " is gone from it.";
    }
    if (gone.isEmpty() && come.size() == 1) {
      return "Path changed: " + as(come.getFirst()) + " is new in it.";
    }
    int longer = row.after.size() - row.before.size();
    if (longer != 0) {
      return "Path changed, " + Math.abs(longer) + (longer > 0 ? " longer." : " shorter.");
    }
    return "Path changed.";
  }

  private static String as(String word) {
    return Character.isDigit(word.charAt(0)) ? "AS" + word : word;
  }

  private static String times(int n) {
    return switch (n) {
      case 1 -> "once";
      case 2 -> "twice";
      default -> n + " times";
    };
  }
}
