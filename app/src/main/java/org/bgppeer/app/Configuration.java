package org.bgppeer.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.bgppeer.wire.Family;
import org.jspecify.annotations.Nullable;

/// What the collector was told to be and to do: every value checked, every default filled in.
///
/// @param localAs 1..4294967295, not AS_TRANS
/// @param routerId the BGP identifier, as the unsigned number that it is on the wire; not 0
/// @param listen where neighbors may connect to; empty for nowhere
/// @param data the directory of journal and database
/// @param web where the pages are served; null for nowhere
/// @param rotation how long a journal file takes packets
/// @param sync how long a packet may wait to be on the disk for good
/// @param neighbors no two of one address, no two of one name
/// @param warnings what works but is probably not meant, one line each
public record Configuration(
    long localAs,
    long routerId,
    List<InetSocketAddress> listen,
    Path data,
    @Nullable InetSocketAddress web,
    Duration rotation,
    Duration sync,
    List<Neighbor> neighbors,
    List<String> warnings) {

  /// One router that we talk to.
  ///
  /// @param name what people call it; its address if it was not given one
  /// @param as 1..4294967295, not AS_TRANS
  /// @param port where it listens
  /// @param active whether we connect to it
  /// @param passive whether it may connect to us; one of both is true
  /// @param localAddress from where we connect, and the only one of ours it may connect to; null for any
  /// @param password of TCP MD5 (RFC 2385); null for none
  /// @param holdTime that we offer; zero for none, else 3 s or more (RFC 4271 §4.2)
  /// @param families that we ask for, not empty
  /// @param addPath whether we take several paths of one prefix (RFC 7911)
  public record Neighbor(
      String name,
      InetAddress address,
      long as,
      int port,
      boolean active,
      boolean passive,
      @Nullable InetAddress localAddress,
      @Nullable String password,
      Duration holdTime,
      Set<Family> families,
      boolean addPath) {

    /// Everything but the password, which belongs in no log.
    @Override
    public String toString() {
      return name + " (" + address.getHostAddress() + ", AS" + as + ")";
    }
  }
}
