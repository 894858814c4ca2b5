package org.bgppeer.replay;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Negotiated;

/// What a router has to say: whole UPDATE messages, first all at once, then one by one. Called by
/// the one thread that owns the session. What was agreed is always the other side's view of it:
/// what they receive.
sealed interface Feed permits TableFeed, FileFeed {

  /// What the OPEN says for it.
  ///
  /// @param families to announce
  /// @param as4 whether to offer 4-octet AS numbers
  /// @param addPath families in which to offer several paths
  /// @param refresh whether the routes can be sent again on request
  record Offer(Set<Family> families, boolean as4, Set<Family> addPath, boolean refresh) {
    public Offer {
      families = Set.copyOf(families);
      addPath = Set.copyOf(addPath);
    }
  }

  Offer offer();

  /// What goes out first when a session comes up, End-of-RIB included; a session begins anew.
  ///
  /// @param now as [System#nanoTime] has it
  Iterator<byte[]> begin(Negotiated agreed, long now) throws IOException;

  /// All routes of a family once more, without BoRR and EoRR; only if the offer says so.
  Iterator<byte[]> refresh(Negotiated agreed, Family family);

  /// How many nanoseconds from now the next messages are due; 0 or less if they are;
  /// [Long#MAX_VALUE] if none will ever be.
  long nanosToNext(long now);

  /// The messages that are due, possibly none.
  List<byte[]> next(Negotiated agreed) throws IOException;
}
