package org.bgppeer.store;

/// What a neighbor holds in one family: a row of `neighbor_family`, and what happened to it since
/// the last tally. Owned by the thread that writes.
final class FamilyState {
  final int neighborId;
  final int family;

  /// Routes of this generation and later ones are active unless withdrawn.
  int aliveFrom = 1;

  long active;

  /// What of them is in the sum of all.
  long summed;

  long stale;
  long inactive;
  long endOfRibAt;

  /// The latest time at which something was said of it.
  long latestAt;

  /// Whether the neighbor has as many routes as it may: one that is not active does not become so.
  boolean full;

  /// The generation of what came since the neighbor sent its table again within the session; zero
  /// if it has not.
  int refreshed;

  /// Whether it is just doing so.
  boolean refreshing;

  long announced;
  long withdrawn;

  FamilyState(int neighborId, int family) {
    this.neighborId = neighborId;
    this.family = family;
  }
}
