package org.bgppeer.replay;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How one simulated router behaves; made from the command line of [Router#main].
///
/// @param file the MRT file to play; null for the simulated table
/// @param to whom to connect to; null to listen
/// @param listen where to listen; null to connect
/// @param localAddress from which to connect; null for whichever
/// @param as its AS number
/// @param routerId its BGP identifier, an unsigned 32-bit number
/// @param name its host name, said in the OPEN and in its log
/// @param holdTime what it offers
/// @param vantage what the simulated table looks like
/// @param rate changes a second of the simulated table
/// @param breakEvery after so many changes one is announced malformed; 0 for never
/// @param loss when it loses its session on purpose; null for never
/// @param speed how much faster than in reality a file is played; infinite for as fast as possible
/// @param filePeer of the file, only what came from this address; null for all
/// @param exitAtEnd whether the session ends with the file
/// @param untilStdinCloses whether to stop when standard input ends, as it does when the process
///     that started us is gone
record RouterOptions(
    @Nullable Path file,
    @Nullable InetSocketAddress to,
    @Nullable InetSocketAddress listen,
    @Nullable InetAddress localAddress,
    long as,
    long routerId,
    String name,
    Duration holdTime,
    Vantage vantage,
    double rate,
    int breakEvery,
    SessionLoss.@Nullable Plan loss,
    double speed,
    @Nullable InetAddress filePeer,
    boolean exitAtEnd,
    boolean untilStdinCloses) {

  static final String USAGE =
      """
      usage: Router [FILE] (--to ADDR:PORT | --listen ADDR:PORT) --as N [options]
        FILE                  BGP4MP messages in MRT, plain or .gz; without one, a simulated table
        --local-address A     connect from this address
        --router-id A         BGP identifier (default: the local address, or 192.0.2.1)
        --name NAME           host name (default: router)
        --hold-time SECONDS   0 or 3..65535 (default 90)
      of a file
        --speed X             1 is as it was, 10 ten times as fast, max as fast as possible (default 1)
        --peer A              only what came from this neighbor
        --exit                end the session when the file is done
      of the simulated table
        --ipv4 N, --ipv6 N    at most so many prefixes
        --next-hop4 A, --next-hop6 A
        --route-server        like an exchange's: own AS not in the path, the members' next hops
        --add-path            offer several paths of some prefixes
        --rate X              changes a second (default 1; 0 for none)
        --break-every N       announce one of so many changes malformed, and right soon after
        --seed N              another seed, other changes (default: the AS number)
        --lose-after SECONDS  lose the session so long after it first came up
        --lose-every SECONDS  and then about so often (default 90)
        --lose-how HOW        shutdown, silence, close or reset (default: in turn)
        --away SECONDS        and come back after so long (default 8)
      --until-stdin-closes    stop when standard input ends
      """;

  private static final int ALL = Integer.MAX_VALUE;

  /// Reads a command line.
  static RouterOptions parse(String... args) throws UsageError {
    var words = new Words(args);
    Path file = null;
    InetSocketAddress to = null;
    InetSocketAddress listen = null;
    InetAddress local = null;
    long as = 0;
    InetAddress routerId = null;
    String name = "router";
    int holdTime = 90;
    InetAddress nextHop4 = null;
    InetAddress nextHop6 = null;
    boolean routeServer = false;
    boolean addPath = false;
    int ipv4 = ALL;
    int ipv6 = ALL;
    double rate = 1;
    int breakEvery = 0;
    Long seed = null;
    double loseAfter = 0;
    double loseEvery = 90;
    SessionLoss how = null;
    double away = 8;
    double speed = 1;
    InetAddress filePeer = null;
    boolean exit = false;
    boolean untilStdinCloses = false;
    while (words.hasNext()) {
      String word = words.next();
      switch (word) {
        case "--to" -> to = words.endpoint();
        case "--listen" -> listen = words.endpoint();
        case "--local-address" -> local = words.address();
        case "--as" -> as = words.number(1, 0xffff_ffffL);
        case "--router-id" -> routerId = words.address();
        case "--name" -> name = words.value();
        case "--hold-time" -> holdTime = (int) words.number(0, 65535);
        case "--next-hop4" -> nextHop4 = words.address();
        case "--next-hop6" -> nextHop6 = words.address();
        case "--route-server" -> routeServer = true;
        case "--add-path" -> addPath = true;
        case "--ipv4" -> ipv4 = (int) words.number(0, ALL);
        case "--ipv6" -> ipv6 = (int) words.number(0, ALL);
        case "--rate" -> rate = words.decimal();
        case "--break-every" -> breakEvery = (int) words.number(1, ALL);
        case "--seed" -> seed = words.number(Long.MIN_VALUE, Long.MAX_VALUE);
        case "--lose-after" -> loseAfter = words.decimal();
        case "--lose-every" -> loseEvery = words.decimal();
        case "--lose-how" -> how = words.loss();
        case "--away" -> away = words.decimal();
        case "--speed" -> speed = words.speed();
        case "--peer" -> filePeer = words.address();
        case "--exit" -> exit = true;
        case "--until-stdin-closes" -> untilStdinCloses = true;
        default -> {
          if (word.startsWith("-") || file != null) {
            throw new UsageError("\"" + word + "\" is not understood");
          }
          file = Path.of(word);
        }
      }
    }
    if ((to == null) == (listen == null)) {
      throw new UsageError("give one of --to ADDR:PORT and --listen ADDR:PORT");
    }
    if (as == 0) {
      throw new UsageError("--as N is missing: the AS number of the simulated router");
    }
    if (holdTime == 1 || holdTime == 2) {
      throw new UsageError("--hold-time " + holdTime + " is not 0 or 3..65535 seconds");
    }
    var identifier = routerId;
    if (identifier == null) {
      boolean usable = local != null && local.getAddress().length == 4;
      identifier = usable ? Objects.requireNonNull(local) : literal("192.0.2.1");
    }
    if (identifier.getAddress().length != 4) {
      throw new UsageError("--router-id is an IPv4 address, not " + identifier.getHostAddress());
    }
    long chosenSeed = seed != null ? seed : as;
    var vantage =
        new Vantage(
            as,
            routeServer,
            family(nextHop4 != null ? nextHop4 : literal("192.0.2.1"), 4, "--next-hop4"),
            family(nextHop6 != null ? nextHop6 : literal("2001:db8::1"), 16, "--next-hop6"),
            ipv4,
            ipv6,
            addPath,
            chosenSeed);
    var loss =
        loseAfter > 0
            ? new SessionLoss.Plan(
                seconds(loseAfter), seconds(loseEvery), seconds(away), how, chosenSeed)
            : null;
    return new RouterOptions(
        file,
        to,
        listen,
        local,
        as,
        new BigInteger(1, identifier.getAddress()).longValue(),
        name,
        Duration.ofSeconds(holdTime),
        vantage,
        rate,
        breakEvery,
        loss,
        speed,
        filePeer,
        exit,
        untilStdinCloses);
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }

  private static InetAddress family(InetAddress address, int octets, String option)
      throws UsageError {
    if (address.getAddress().length != octets) {
      throw new UsageError(
          option + " " + address.getHostAddress() + " is of the other address family");
    }
    return address;
  }

  private static InetAddress literal(String text) throws UsageError {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw new UsageError("\"" + text + "\" is not an IPv4 or IPv6 address");
    }
  }

  /// The words of the command line, one by one.
  private static final class Words {
    private final String[] words;
    private int next;

    Words(String[] words) {
      this.words = words;
    }

    boolean hasNext() {
      return next < words.length;
    }

    String next() {
      return words[next++];
    }

    String value() throws UsageError {
      if (!hasNext()) {
        throw new UsageError(words[next - 1] + " needs a value");
      }
      return next();
    }

    InetAddress address() throws UsageError {
      return literal(value());
    }

    /// `192.0.2.1:179` or `[2001:db8::1]:179`.
    InetSocketAddress endpoint() throws UsageError {
      String text = value();
      int colon = text.lastIndexOf(':');
      String host = text.substring(0, Math.max(0, colon)).replaceAll("^\\[(.*)]$", "$1");
      if (host.isEmpty() || !text.substring(colon + 1).matches("\\d{1,5}")) {
        throw new UsageError("\"" + text + "\" is not ADDR:PORT, for instance 127.0.0.1:1790");
      }
      int port = Integer.parseInt(text.substring(colon + 1));
      if (port > 65535) {
        throw new UsageError("port " + port + " is not 0..65535");
      }
      return new InetSocketAddress(literal(host), port);
    }

    long number(long from, long to) throws UsageError {
      String option = words[next - 1];
      String text = value();
      try {
        long number = Long.parseLong(text);
        if (number >= from && number <= to) {
          return number;
        }
      } catch (NumberFormatException e) {
        throw new UsageError(option + " \"" + text + "\" is not a number");
      }
      throw new UsageError(option + " " + text + " is not " + from + ".." + to);
    }

    double decimal() throws UsageError {
      String option = words[next - 1];
      String text = value();
      if (!text.matches("\\d+(\\.\\d+)?")) {
        throw new UsageError(option + " \"" + text + "\" is not a number of 0 or more");
      }
      return Double.parseDouble(text);
    }

    double speed() throws UsageError {
      if (hasNext() && words[next].equals("max")) {
        next++;
        return Double.POSITIVE_INFINITY;
      }
      double speed = decimal();
      if (speed == 0) {
        throw new UsageError("--speed 0 never ends; give a number above 0, or max");
      }
      return speed;
    }

    SessionLoss loss() throws UsageError {
      String text = value();
      for (var style : SessionLoss.values()) {
        if (style.name().toLowerCase(Locale.ROOT).equals(text)) {
          return style;
        }
      }
      throw new UsageError("--lose-how \"" + text + "\" is not shutdown, silence, close or reset");
    }
  }
}
