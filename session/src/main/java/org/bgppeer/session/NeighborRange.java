package org.bgppeer.session;

import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.Set;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// Routers that may call from anywhere within a prefix. Each becomes a neighbor of its own, named
/// by its address, as long as it has a session.
///
/// @param range where they call from
/// @param as the AS numbers that they may have; empty for any
/// @param most how many there may be at a time
/// @param mirror whether each is asked for the families that it offers, and not for those of `like`
/// @param like what all of them have alike; its name, address and AS do not matter
public record NeighborRange(
    Prefix range, Set<Long> as, int most, boolean mirror, NeighborConfig like) {
  /// How many there may be unless told otherwise.
  public static final int USUAL_MOST = 1000;

  public NeighborRange {
    as = Set.copyOf(as);
    as.forEach(NeighborConfig::checkAs);
    if (most < 1) {
      throw new IllegalArgumentException(most + " is no number of neighbors");
    }
    like = like.withDirections(false, true);
  }

  /// Whether an address is in it.
  boolean covers(InetAddress address) {
    byte[] octets = address.getAddress();
    return range.contains(Prefix.of(octets, octets.length * 8));
  }

  /// The neighbor that a caller with this OPEN is; null if its AS may not be.
  @Nullable NeighborConfig neighbor(InetAddress address, Open open) {
    boolean may =
        as.isEmpty() ? open.as() != 0 && open.as() != Open.AS_TRANS : as.contains(open.as());
    if (!may) {
      return null;
    }
    String name = AddressText.of(address.getAddress());
    NeighborConfig it = like.withPeer(name, address, open.as());
    if (!mirror) {
      return it;
    }
    SequencedSet<Family> offered = new LinkedHashSet<>();
    for (Capability capability : open.capabilities()) {
      if (capability instanceof Capability.Multiprotocol offer) {
        offered.add(offer.family());
      }
    }
    if (offered.isEmpty()) {
      offered.add(Family.IPV4_UNICAST);
    }
    NeighborConfig mirrored = it.withFamilies(offered.toArray(Family[]::new));
    return like.addPath().isEmpty() ? mirrored : mirrored.withAddPath(true);
  }

  /// `198.51.100.0/24`.
  @Override
  public String toString() {
    return range.toString();
  }
}
