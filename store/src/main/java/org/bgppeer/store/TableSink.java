package org.bgppeer.store;

import java.io.IOException;
import java.util.List;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.PeerIndex;
import org.jspecify.annotations.Nullable;

/// Takes a table, route by route.
public interface TableSink {
  /// Whose routes follow: the first thing that comes.
  ///
  /// @param collector our BGP identifier; 0 if no session has told it
  /// @param peers in the order of their numbers in [#route]
  void begin(long collector, List<PeerIndex.Peer> peers) throws IOException;

  /// A route. They come by family, key, path identifier, peer, so that those of one prefix stand
  /// together.
  ///
  /// @param key see [org.bgppeer.wire.NlriCursor#key]
  /// @param pathId -1 if the session has none
  /// @param validFrom when it came, in microseconds
  /// @param attributes as an MRT RIB entry has them
  /// @param nlri as it came, without path identifier; null if the key is a prefix and all there is
  void route(
      int peer,
      Family family,
      byte[] key,
      long pathId,
      long validFrom,
      byte[] attributes,
      byte @Nullable [] nlri)
      throws IOException;
}
