package org.bgppeer.app;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Finds what somebody probably meant.
final class Nearest {
  private Nearest() {}

  /// The word of `known` that is nearest to `word`; empty if none is near enough to be meant,
  /// that is if more than a third of its letters would have to change.
  static Optional<String> of(String word, Collection<String> known) {
    return known.stream()
        .filter(candidate -> distance(word, candidate) <= Math.max(1, candidate.length() / 3))
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
  }

  /// How many letters to insert, remove or change, `_` and `-` being the same and so are upper and
  /// lower case (Levenshtein).
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int change = diagonal + (fold(a.charAt(i - 1)) == fold(b.charAt(j - 1)) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  private static char fold(char c) {
    return c == '_' ? '-' : Character.toLowerCase(c);
  }
}
