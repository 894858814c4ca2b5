package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.List;

/// For how long the routes of one family outlive their session, because the neighbor restarts
/// gracefully: first as stale (RFC 4724 §4.2), then as stale for long (RFC 9494 §4.2).
///
/// @param restartSeconds from the end of the session
/// @param longLivedSeconds from the end of that; 0 for nothing more
public record Kept(Family family, int restartSeconds, int longLivedSeconds) {

  /// `ipv4-unicast 120+86400, ipv6-unicast 120`: what [#parse] reads.
  public static String text(List<Kept> kept) {
    return String.join(", ", kept.stream().map(Kept::toString).toList());
  }

  /// Reads what [#text] wrote; what is not that is left out.
  public static List<Kept> parse(String text) {
    var all = new ArrayList<Kept>();
    for (String part : text.split(", ", -1)) {
      String[] words = part.split("[ +]", -1);
      try {
        if (words.length == 2 || words.length == 3) {
          all.add(
              new Kept(
                  Family.parse(words[0]),
                  Integer.parseInt(words[1]),
                  words.length == 3 ? Integer.parseInt(words[2]) : 0));
        }
      } catch (IllegalArgumentException e) {
        continue; // a later version's way to say it
      }
    }
    return List.copyOf(all);
  }

  @Override
  public String toString() {
    return family + " " + restartSeconds + (longLivedSeconds == 0 ? "" : "+" + longLivedSeconds);
  }
}
