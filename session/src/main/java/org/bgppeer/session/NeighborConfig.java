package org.bgppeer.session;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.bgppeer.wire.Family;
import org.jspecify.annotations.Nullable;

/// One router that we take routes from.
///
/// @param name what people call it; unique
/// @param address where it is called, and calls from
/// @param as its AS number, 1..4294967295
/// @param port where it is called; theirs when they call does not matter
/// @param active whether we dial
/// @param passive whether we take their calls
/// @param localAddress where we dial from; null leaves that to the system
/// @param password for TCP MD5 (RFC 2385), 1 to 80 octets of UTF-8; null for none
/// @param holdTime what we propose, in whole seconds: zero, or 3 s to 65535 s
/// @param families what we ask for, in this order
/// @param addPath whether we ask for several paths a prefix (RFC 7911), in each of the families
public record NeighborConfig(
    String name,
    InetAddress address,
    long as,
    int port,
    boolean active,
    boolean passive,
    @Nullable InetAddress localAddress,
    @Nullable String password,
    Duration holdTime,
    SequencedSet<Family> families,
    boolean addPath) {
  /// BGP's own port.
  public static final int BGP_PORT = 179;

  /// What RFC 4271 §10 suggests.
  public static final Duration DEFAULT_HOLD_TIME = Duration.ofSeconds(90);

  /// What Linux takes (TCP_MD5SIG_MAXKEYLEN).
  static final int MAX_PASSWORD_OCTETS = 80;

  public NeighborConfig {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a neighbor needs a name");
    }
    checkAs(as);
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not 1 to 65535");
    }
    if (!active && !passive) {
      throw new IllegalArgumentException("neighbor " + name + " is neither active nor passive");
    }
    if (password != null) {
      int octets = password.getBytes(StandardCharsets.UTF_8).length;
      if (octets < 1 || octets > MAX_PASSWORD_OCTETS) {
        throw new IllegalArgumentException(
            "the password of neighbor "
                + name
                + " has "
                + octets
                + " octets, TCP MD5 takes 1 to "
                + MAX_PASSWORD_OCTETS);
      }
    }
    long seconds = holdTime.toSeconds();
    if (!holdTime.equals(Duration.ofSeconds(seconds))
        || seconds < 0
        || seconds == 1
        || seconds == 2
        || seconds > 65535) {
      throw new IllegalArgumentException(
          "hold time " + holdTime + " is not 0 s or 3 s to 65535 s (RFC 4271 §4.2)");
    }
    if (localAddress != null && localAddress.getClass() != address.getClass()) {
      throw new IllegalArgumentException(
          "neighbor "
              + name
              + " at "
              + address.getHostAddress()
              + " cannot be reached from "
              + localAddress.getHostAddress()
              + ": one is IPv4, the other IPv6");
    }
    if (families.isEmpty()) {
      throw new IllegalArgumentException("neighbor " + name + " has no family");
    }
    families = new LinkedHashSet<>(families);
  }

  /// Active and passive, on port 179, 90 s hold time, both unicast families, with ADD-PATH.
  public static NeighborConfig of(String name, InetAddress address, long as) {
    return new NeighborConfig(
        name,
        address,
        as,
        BGP_PORT,
        true,
        true,
        null,
        null,
        DEFAULT_HOLD_TIME,
        new LinkedHashSet<>(List.of(Family.IPV4_UNICAST, Family.IPV6_UNICAST)),
        true);
  }

  /// The same on another port.
  public NeighborConfig withPort(int other) {
    return new NeighborConfig(
        name,
        address,
        as,
        other,
        active,
        passive,
        localAddress,
        password,
        holdTime,
        families,
        addPath);
  }

  /// The same, dialling and listening as said.
  public NeighborConfig withDirections(boolean dials, boolean listens) {
    return new NeighborConfig(
        name,
        address,
        as,
        port,
        dials,
        listens,
        localAddress,
        password,
        holdTime,
        families,
        addPath);
  }

  /// The same, called from this address.
  public NeighborConfig withLocalAddress(@Nullable InetAddress local) {
    return new NeighborConfig(
        name, address, as, port, active, passive, local, password, holdTime, families, addPath);
  }

  /// The same with TCP MD5.
  public NeighborConfig withPassword(@Nullable String secret) {
    return new NeighborConfig(
        name,
        address,
        as,
        port,
        active,
        passive,
        localAddress,
        secret,
        holdTime,
        families,
        addPath);
  }

  /// The same, proposing another hold time.
  public NeighborConfig withHoldTime(Duration time) {
    return new NeighborConfig(
        name, address, as, port, active, passive, localAddress, password, time, families, addPath);
  }

  /// The same, asked for these families.
  public NeighborConfig withFamilies(Family... asked) {
    return new NeighborConfig(
        name,
        address,
        as,
        port,
        active,
        passive,
        localAddress,
        password,
        holdTime,
        new LinkedHashSet<>(List.of(asked)),
        addPath);
  }

  /// The same, with or without ADD-PATH.
  public NeighborConfig withAddPath(boolean asked) {
    return new NeighborConfig(
        name,
        address,
        as,
        port,
        active,
        passive,
        localAddress,
        password,
        holdTime,
        families,
        asked);
  }

  static void checkAs(long as) {
    if (as < 1 || as > 0xffff_ffffL) {
      throw new IllegalArgumentException("AS " + as + " is not 1 to 4294967295");
    }
  }

  /// Without the password, which is in no log.
  @Override
  public String toString() {
    return name
        + " ("
        + address.getHostAddress()
        + " port "
        + port
        + ", AS"
        + as
        + (active ? ", active" : "")
        + (passive ? ", passive" : "")
        + (password == null ? "" : ", with a password")
        + ")";
  }
}
