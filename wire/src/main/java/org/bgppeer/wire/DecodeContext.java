package org.bgppeer.wire;

import java.util.Set;
import java.util.TreeSet;

/// What one must know of a session to read its UPDATEs. Its text is kept beside each packet:
/// `as4`, `as2`, `as4 ibgp`, `as4 add-path=ipv4-unicast,ipv6-unicast`.
///
/// @param as4 whether AS_PATH and AGGREGATOR have 4-octet AS numbers (RFC 6793)
/// @param addPath the families whose routes have path identifiers (RFC 7911)
/// @param ibgp whether the neighbor is of our own AS (RFC 7606 treats some attributes differently)
public record DecodeContext(boolean as4, Set<Family> addPath, boolean ibgp) {
  /// 4-octet AS numbers, no path identifiers, an external neighbor.
  public static final DecodeContext AS4 = new DecodeContext(true, Set.of(), false);

  /// 2-octet AS numbers, no path identifiers, an external neighbor.
  public static final DecodeContext AS2 = new DecodeContext(false, Set.of(), false);

  public DecodeContext {
    addPath = Set.copyOf(addPath);
  }

  /// The same, of an internal or external neighbor.
  public DecodeContext withIbgp(boolean value) {
    return new DecodeContext(as4, addPath, value);
  }

  /// The same, with path identifiers in just these families.
  public DecodeContext withAddPath(Set<Family> families) {
    return new DecodeContext(as4, families, ibgp);
  }

  /// Whether routes of this family have path identifiers.
  public boolean hasPathIds(Family family) {
    return !addPath.isEmpty() && addPath.contains(family);
  }

  /// Reads what [#toString] writes. Words that it does not know are passed over, so that a text of
  /// a later version still reads.
  ///
  /// @throws IllegalArgumentException if a family in it is none
  public static DecodeContext parse(String text) {
    boolean as4 = true;
    boolean ibgp = false;
    Set<Family> addPath = new TreeSet<>();
    for (String word : text.split(" ")) {
      if (word.equals("as2")) {
        as4 = false;
      } else if (word.equals("ibgp")) {
        ibgp = true;
      } else if (word.startsWith("add-path=")) {
        for (String family : word.substring("add-path=".length()).split(",")) {
          addPath.add(Family.parse(family));
        }
      }
    }
    return new DecodeContext(as4, addPath, ibgp);
  }

  @Override
  public String toString() {
    var text = new StringBuilder(as4 ? "as4" : "as2");
    if (ibgp) {
      text.append(" ibgp");
    }
    char before = '=';
    for (Family family : new TreeSet<>(addPath)) {
      text.append(before == '=' ? " add-path=" : ",").append(family);
      before = ',';
    }
    return text.toString();
  }
}
