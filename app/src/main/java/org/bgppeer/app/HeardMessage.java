package org.bgppeer.app;

import java.time.Instant;
import java.util.Map;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.ExabgpFormat;
import org.bgppeer.wire.Octets;
import org.jspecify.annotations.Nullable;

/// One BGP message that is decoded, and what is known of where it came from.
///
/// @param place what `--format json` tells of that, by name
/// @param at when it was sent; null if that is not known
/// @param peer who sent it, 4 or 16 octets; null if that is not known
/// @param local to whom, as many
/// @param peerAs 0 if not known
/// @param sent whether the collector sent it
/// @param octets header included
/// @param problem why they are no whole message; null if they are
record HeardMessage(
    Map<String, @Nullable Object> place,
    @Nullable Instant at,
    @Nullable Octets peer,
    @Nullable Octets local,
    long peerAs,
    long localAs,
    boolean sent,
    Octets octets,
    @Nullable String problem) {

  /// What ExaBGP's JSON tells of the session.
  ExabgpFormat.Heard forExabgp() {
    if (at == null || peer == null || local == null) {
      return ExabgpFormat.Heard.ALONE;
    }
    return new ExabgpFormat.Heard(
        "%d.%06d".formatted(at.getEpochSecond(), at.getNano() / 1000),
        AddressText.of(local),
        AddressText.of(peer),
        localAs == 0 ? null : localAs,
        peerAs == 0 ? null : peerAs,
        sent);
  }
}
