package org.bgppeer.session;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Consumer;
import org.bgppeer.wire.Family;
import org.jspecify.annotations.Nullable;

/// One router that we take routes from.
///
/// @param name what people call it; unique
/// @param address where it is called, and calls from; with its interface if it is link-local
/// @param as its AS number, 1..4294967295
/// @param port where it is called; theirs when they call does not matter
/// @param active whether we dial
/// @param passive whether we take their calls
/// @param localAddress where we dial from; null leaves that to the system
/// @param password for TCP MD5 (RFC 2385), 1 to 80 octets of UTF-8; null for none
/// @param tcpAo keys of TCP-AO (RFC 5925), the first is the one to begin with; empty for none, and
///     if there is a password
/// @param ttlSecurity how many hops away it may be at most (GTSM, RFC 5082); 0 for any number
/// @param multihop the TTL of what we send; 0 leaves that to the system
/// @param localAs the AS that we are to it, 1..4294967295; 0 for the collector's own
/// @param role what we are to it (RFC 9234); null for not said
/// @param strictRole whether it must say its role too
/// @param holdTime what we propose, in whole seconds: zero, or 3 s to 65535 s
/// @param families what we ask for, in this order
/// @param addPath of which of the families we ask for several paths a prefix (RFC 7911)
/// @param limits how many routes it may have, by family
/// @param retention what becomes of its routes while it restarts
public record NeighborConfig(
    String name,
    InetAddress address,
    long as,
    int port,
    boolean active,
    boolean passive,
    @Nullable InetAddress localAddress,
    @Nullable String password,
    List<TcpAoKey> tcpAo,
    int ttlSecurity,
    int multihop,
    long localAs,
    @Nullable Role role,
    boolean strictRole,
    Duration holdTime,
    SequencedSet<Family> families,
    Set<Family> addPath,
    Map<Family, PrefixLimit> limits,
    Retention retention) {
  /// BGP's own port.
  public static final int BGP_PORT = 179;

  /// What RFC 4271 §10 suggests.
  public static final Duration DEFAULT_HOLD_TIME = Duration.ofSeconds(90);

  /// What Linux takes (TCP_MD5SIG_MAXKEYLEN).
  static final int MAX_PASSWORD_OCTETS = 80;

  /// The most hops that GTSM can tell apart (RFC 5082 §3), and the highest TTL that is not GTSM's.
  static final int MAX_HOPS = 254;

  public NeighborConfig {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a neighbor needs a name");
    }
    checkAs(as);
    if (localAs != 0) {
      checkAs(localAs);
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not 1 to 65535");
    }
    if (!active && !passive) {
      throw new IllegalArgumentException("neighbor " + name + " is neither active nor passive");
    }
    checkPassword(name, password);
    tcpAo = List.copyOf(tcpAo);
    checkTcpAo(name, tcpAo, password != null);
    if (ttlSecurity < 0 || ttlSecurity > MAX_HOPS || multihop < 0 || multihop > MAX_HOPS) {
      throw new IllegalArgumentException("hops are 1 to " + MAX_HOPS);
    }
    if (ttlSecurity != 0 && multihop != 0) {
      throw new IllegalArgumentException(
          "neighbor " + name + " has both ttl-security and multihop: the one needs TTL 255");
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
    families = families instanceof Copied ? families : new Copied(families);
    addPath = Set.copyOf(addPath);
    limits = Map.copyOf(limits);
  }

  private static void checkPassword(String name, @Nullable String password) {
    if (password == null) {
      return;
    }
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

  private static void checkTcpAo(String name, List<TcpAoKey> keys, boolean md5) {
    if (md5 && !keys.isEmpty()) {
      throw new IllegalArgumentException(
          "neighbor " + name + " has a password and tcp-ao: a connection is signed with one");
    }
    for (int i = 0; i < keys.size(); i++) {
      for (TcpAoKey before : keys.subList(0, i)) {
        if (before.overlaps(keys.get(i))) {
          throw new IllegalArgumentException(
              "neighbor " + name + " has two keys with one identifier, " + keys.get(i));
        }
      }
    }
  }

  /// Active and passive, on port 179, 90 s hold time, both unicast families, with ADD-PATH.
  public static NeighborConfig of(String name, InetAddress address, long as) {
    var families = new LinkedHashSet<>(List.of(Family.IPV4_UNICAST, Family.IPV6_UNICAST));
    return new NeighborConfig(
        name,
        address,
        as,
        BGP_PORT,
        true,
        true,
        null,
        null,
        List.of(),
        0,
        0,
        0,
        null,
        false,
        DEFAULT_HOLD_TIME,
        families,
        families,
        Map.of(),
        Retention.DEFAULT);
  }

  /// The AS that we are to it.
  long localAs(LocalConfig local) {
    return localAs == 0 ? local.as() : localAs;
  }

  /// The same of another router.
  NeighborConfig withPeer(String called, InetAddress there, long theirAs) {
    return with(
        change -> {
          change.name = called;
          change.address = there;
          change.as = theirAs;
        });
  }

  /// Whether its session would not notice if this became the other.
  boolean differsQuietly(NeighborConfig other) {
    return withPeer(other.name, address, as).withLimits(other.limits).equals(other);
  }

  /// The same on another port.
  public NeighborConfig withPort(int other) {
    return with(change -> change.port = other);
  }

  /// The same, dialling and listening as said.
  public NeighborConfig withDirections(boolean dials, boolean listens) {
    return with(
        change -> {
          change.active = dials;
          change.passive = listens;
        });
  }

  /// The same, called from this address.
  public NeighborConfig withLocalAddress(@Nullable InetAddress local) {
    return with(change -> change.localAddress = local);
  }

  /// The same with TCP MD5.
  public NeighborConfig withPassword(@Nullable String secret) {
    return with(change -> change.password = secret);
  }

  /// The same with TCP-AO.
  public NeighborConfig withTcpAo(List<TcpAoKey> keys) {
    return with(change -> change.tcpAo = keys);
  }

  /// The same, at most so many hops away (GTSM).
  public NeighborConfig withTtlSecurity(int hops) {
    return with(change -> change.ttlSecurity = hops);
  }

  /// The same, reached with this TTL.
  public NeighborConfig withMultihop(int ttl) {
    return with(change -> change.multihop = ttl);
  }

  /// The same, to whom we are another AS.
  public NeighborConfig withLocalAs(long other) {
    return with(change -> change.localAs = other);
  }

  /// The same, to whom we are this.
  public NeighborConfig withRole(@Nullable Role ours, boolean strict) {
    return with(
        change -> {
          change.role = ours;
          change.strictRole = strict;
        });
  }

  /// The same, proposing another hold time.
  public NeighborConfig withHoldTime(Duration time) {
    return with(change -> change.holdTime = time);
  }

  /// The same, asked for these families.
  public NeighborConfig withFamilies(Family... asked) {
    return with(change -> change.families = new LinkedHashSet<>(List.of(asked)));
  }

  /// The same, with or without ADD-PATH, in all families.
  public NeighborConfig withAddPath(boolean asked) {
    return with(change -> change.addPath = asked ? families : Set.of());
  }

  /// The same with ADD-PATH in these families.
  public NeighborConfig withAddPath(Set<Family> asked) {
    return with(change -> change.addPath = asked);
  }

  /// The same with these limits.
  public NeighborConfig withLimits(Map<Family, PrefixLimit> others) {
    return with(change -> change.limits = others);
  }

  /// The same, whose routes are kept so while it restarts.
  public NeighborConfig withRetention(Retention other) {
    return with(change -> change.retention = other);
  }

  private NeighborConfig with(Consumer<Change> made) {
    var change = new Change(this);
    made.accept(change);
    return new NeighborConfig(
        change.name,
        change.address,
        change.as,
        change.port,
        change.active,
        change.passive,
        change.localAddress,
        change.password,
        change.tcpAo,
        change.ttlSecurity,
        change.multihop,
        change.localAs,
        change.role,
        change.strictRole,
        change.holdTime,
        change.families,
        change.addPath,
        change.limits,
        change.retention);
  }

  /// One of these on the way to another.
  private static final class Change {
    private String name;
    private InetAddress address;
    private long as;
    private int port;
    private boolean active;
    private boolean passive;
    private @Nullable InetAddress localAddress;
    private @Nullable String password;
    private List<TcpAoKey> tcpAo;
    private int ttlSecurity;
    private int multihop;
    private long localAs;
    private @Nullable Role role;
    private boolean strictRole;
    private Duration holdTime;
    private SequencedSet<Family> families;
    private Set<Family> addPath;
    private Map<Family, PrefixLimit> limits;
    private Retention retention;

    Change(NeighborConfig from) {
      name = from.name;
      address = from.address;
      as = from.as;
      port = from.port;
      active = from.active;
      passive = from.passive;
      localAddress = from.localAddress;
      password = from.password;
      tcpAo = from.tcpAo;
      ttlSecurity = from.ttlSecurity;
      multihop = from.multihop;
      localAs = from.localAs;
      role = from.role;
      strictRole = from.strictRole;
      holdTime = from.holdTime;
      families = from.families;
      addPath = from.addPath;
      limits = from.limits;
      retention = from.retention;
    }
  }

  /// Families that nobody can change: each `with` would else copy them again, of 10,000 neighbors.
  private static final class Copied extends AbstractSet<Family> implements SequencedSet<Family> {
    private final List<Family> families;

    Copied(Collection<Family> families) {
      this.families = List.copyOf(families);
    }

    @Override
    public Iterator<Family> iterator() {
      return families.iterator();
    }

    @Override
    public int size() {
      return families.size();
    }

    @Override
    public SequencedSet<Family> reversed() {
      return new Copied(families.reversed());
    }
  }

  static void checkAs(long as) {
    if (as < 1 || as > 0xffff_ffffL) {
      throw new IllegalArgumentException("AS " + as + " is not 1 to 4294967295");
    }
  }

  /// Without password and keys, which are in no log.
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
        + (tcpAo.isEmpty() ? "" : ", with TCP-AO")
        + ")";
  }
}
