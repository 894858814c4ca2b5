package org.bgppeer.store;

/// A value for all tables that have it in about the same stretches: a row of `value_shared`, or a
/// part of one.
///
/// @param value of [RouteValues]
/// @param stretches of all these tables together
/// @param neighbors whose tables they are
record SharedValue(String value, NumberSet stretches, NumberSet neighbors) {
  /// Octets of stretches that are shared in any case: some ten of them.
  private static final int FEW = 16;

  /// Octets beyond which none are: the database would need more than one page for a row.
  private static final int MOST = 900;

  /// Whether a table may share them: nobody is looked at in many more stretches than it needs.
  ///
  /// @param all that would be shared
  /// @param before how many are
  /// @param own how many of them the table has
  static boolean mayShare(NumberSet all, int before, int own) {
    boolean alike = all.size() <= 2 * own && (before == 0 || all.size() <= 2 * before);
    if (alike && all.size() == before) {
      return true;
    }
    int octets = all.encode().length;
    return octets <= FEW || alike && octets <= MOST;
  }
}
