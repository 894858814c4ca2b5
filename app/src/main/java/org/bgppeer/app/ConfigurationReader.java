package org.bgppeer.app;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bgppeer.journal.JournalOptions;
import org.bgppeer.session.LocalConfig;
import org.bgppeer.session.NeighborConfig;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.MrtFormat;
import org.jspecify.annotations.Nullable;

/// Judges settings. It never stops at the first thing that is wrong: whoever writes a configuration
/// wants all of it at once.
///
/// A value that is wrong is reported, and replaced by one that is harmless for the checks that
/// follow.
final class ConfigurationReader {
  static final InetSocketAddress DEFAULT_WEB = new InetSocketAddress(loopback(), 8179);
  static final String DEFAULT_DATA = "data";

  private static final List<String> KEYS =
      List.of(
          "local-as",
          "router-id",
          "host-name",
          "listen",
          "data",
          "web",
          "hold-time",
          "journal",
          "neighbors");
  private static final List<String> JOURNAL_KEYS = List.of("rotation", "sync", "format");
  static final List<String> NEIGHBOR_KEYS =
      List.of(
          "address",
          "as",
          "name",
          "port",
          "passive",
          "active",
          "local-address",
          "password-file",
          "hold-time",
          "families",
          "add-path");
  private static final Family ROUTE_TARGET = Family.parse("ipv4-route-target");
  private static final List<String> FAMILIES = Family.KNOWN.stream().map(Family::toString).toList();

  private static final String ALLOWED_AS =
      "allowed is 1..4294967295 without 23456 (AS_TRANS, RFC 6793)";
  private static final String ALLOWED_ADDRESS =
      "allowed is an IPv4 or IPv6 address, for instance 192.0.2.1 or 2001:db8::1";
  private static final String ALLOWED_HOLD_TIME = "allowed is 0 (off) or 3..65535 seconds";
  private static final long AS_TRANS = 23456;
  private static final int LONGEST_MD5_PASSWORD = 80; // octets, what Linux takes
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  private final List<Problem> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Path base;

  private ConfigurationReader(Path base) {
    this.base = base;
  }

  /// Reads a configuration file.
  ///
  /// @throws BadConfiguration with everything that is wrong in it
  static Configuration read(Path file) throws BadConfiguration {
    return read(YamlFile.read(file), directoryOf(file));
  }

  /// Judges settings from wherever they came.
  ///
  /// @param base what relative file names are relative to
  /// @throws BadConfiguration with everything that is wrong with them
  static Configuration read(Setting.Entries settings, Path base) throws BadConfiguration {
    var reader = new ConfigurationReader(base);
    Configuration configuration = reader.configuration(settings);
    if (!reader.problems.isEmpty()) {
      reader.problems.sort(Comparator.comparingInt(problem -> problem.place().line()));
      throw new BadConfiguration(reader.problems);
    }
    return configuration;
  }

  /// The directory that a file's relative names are relative to: its own.
  static Path directoryOf(Path file) {
    Path parent = file.getParent();
    return parent == null ? Path.of("") : parent;
  }

  private Configuration configuration(Setting.Entries settings) {
    var fields = new Fields(settings, "the configuration", KEYS, problems);
    long localAs = as(fields, "local-as");
    long routerId = routerId(fields);
    List<InetSocketAddress> listen = listen(fields);
    String data = fields.text("data");
    InetSocketAddress web = web(fields);
    Duration holdTime = holdTime(fields, NeighborConfig.DEFAULT_HOLD_TIME);
    JournalOptions options = journalOptions(journal(fields));
    List<NeighborConfig> neighbors = neighbors(fields, holdTime, !listen.isEmpty());
    var local = LocalConfig.of(localAs, routerId, listen).withHostName(hostName(fields), "");
    return new Configuration(
        local,
        base.resolve(data == null ? DEFAULT_DATA : data).normalize(),
        web,
        options,
        neighbors,
        warnings);
  }

  private String hostName(Fields fields) {
    String name = fields.text("host-name");
    if (name == null) {
      return System.getenv().getOrDefault("HOSTNAME", "");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > 64) {
      bad(fields.place("host-name"), "host-name is too long", "allowed are up to 64 octets");
    }
    return name;
  }

  private JournalOptions journalOptions(Fields fields) {
    var defaults = JournalOptions.defaults();
    Duration minute = Duration.ofMinutes(1);
    Duration day = Duration.ofDays(1);
    Duration rotation = duration(fields, "rotation", defaults.rotation(), minute, day);
    if (rotation.toSeconds() % 60 != 0 || day.toSeconds() % rotation.toSeconds() != 0) {
      bad(
          fields.place("rotation"),
          "rotation is '" + fields.text("rotation") + "'",
          "allowed are whole minutes that divide a day, such as 5m, 15m or 1h");
      rotation = defaults.rotation();
    }
    Duration sync = duration(fields, "sync", defaults.fsync(), Duration.ofMillis(1), minute);
    return defaults.withRotation(rotation).withFsync(sync).withFormat(format(fields));
  }

  private MrtFormat format(Fields fields) {
    String text = fields.text("format");
    if (text != null && text.equals("bgp4mp")) {
      return MrtFormat.BGP4MP;
    }
    if (text != null && !text.equals("bgp4mp-et")) {
      bad(
          fields.place("format"),
          "format is '" + text + "'",
          "allowed are bgp4mp-et (times in microseconds) and bgp4mp (in seconds)");
    }
    return MrtFormat.BGP4MP_ET;
  }

  private Fields journal(Fields fields) {
    Setting value = fields.value("journal");
    if (value instanceof Setting.Entries entries) {
      return new Fields(entries, "journal", JOURNAL_KEYS, problems);
    }
    if (value != null) {
      bad(
          value.place(),
          "journal is not names with values",
          "allowed are " + String.join(", ", JOURNAL_KEYS) + " below it");
    }
    return new Fields(
        new Setting.Entries(fields.place(), List.of()), "journal", JOURNAL_KEYS, problems);
  }

  private List<InetSocketAddress> listen(Fields fields) {
    List<Setting.Text> texts = fields.texts("listen");
    if (fields.value("listen") == null) {
      return List.of(
          new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), NeighborConfig.BGP_PORT),
          new InetSocketAddress(InetAddress.ofLiteral("::"), NeighborConfig.BGP_PORT));
    }
    var listen = new LinkedHashSet<InetSocketAddress>();
    for (Setting.Text text : texts) {
      if (text.value().equals("none")) {
        if (texts.size() > 1) {
          bad(text.place(), "listen says none and something else", "say one of both");
        }
        return List.of();
      }
      try {
        InetSocketAddress address = Address.parseWithPort(text.value());
        if (!listen.add(address)) {
          bad(text.place(), "listen has " + text.value() + " twice", "name it once");
        }
      } catch (IllegalArgumentException e) {
        bad(
            text.place(),
            "listen: " + e.getMessage(),
            "allowed are ADDRESS:PORT such as 0.0.0.0:179 or [::]:179, and none");
      }
    }
    return List.copyOf(listen);
  }

  private @Nullable InetSocketAddress web(Fields fields) {
    String text = fields.text("web");
    if (text == null) {
      return DEFAULT_WEB;
    }
    if (text.equals("none")) {
      return null;
    }
    try {
      InetSocketAddress address = Address.parseWithPort(text);
      if (!address.getAddress().isLoopbackAddress()) {
        warnings.add(
            fields.place("web")
                + ": the web pages on "
                + text
                + " are open to everybody who can reach that address; they only show, they change"
                + " nothing");
      }
      return address;
    } catch (IllegalArgumentException e) {
      bad(
          fields.place("web"),
          "web: " + e.getMessage(),
          "allowed are ADDRESS:PORT such as 127.0.0.1:8179, and none");
      return null;
    }
  }

  private List<NeighborConfig> neighbors(Fields fields, Duration holdTime, boolean listening) {
    Setting value = fields.value("neighbors");
    if (value == null || value instanceof Setting.Text(_, var text) && text.isEmpty()) {
      warnings.add(
          (value == null ? fields.place() : value.place())
              + ": there is no neighbor; nobody will send routes");
      return List.of();
    }
    if (!(value instanceof Setting.Items items)) {
      bad(
          value.place(),
          "neighbors is not a list",
          "write one item '- address: …' with 'as: …' a neighbor");
      return List.of();
    }
    var neighbors = new ArrayList<NeighborConfig>();
    Map<InetAddress, Place> addresses = new HashMap<>();
    Map<String, Place> names = new HashMap<>();
    for (Setting item : items.values()) {
      if (!(item instanceof Setting.Entries entries)) {
        bad(item.place(), "this neighbor is not names with values", "write address: … and as: …");
        continue;
      }
      var of = new Fields(entries, "a neighbor", NEIGHBOR_KEYS, problems);
      NeighborConfig neighbor = neighbor(of, holdTime, listening);
      if (neighbor == null) {
        continue;
      }
      Place place = of.place("address");
      Place before = addresses.putIfAbsent(neighbor.address(), place);
      if (before != null) {
        bad(
            place,
            "neighbor " + Address.text(neighbor.address()) + " is there already: " + before,
            "one neighbor an address is allowed");
      } else {
        Place named = names.putIfAbsent(neighbor.name(), of.place("name"));
        if (named != null) {
          bad(
              of.place("name"),
              "name '" + neighbor.name() + "' is taken: " + named,
              "every neighbor needs a name of its own");
        }
      }
      neighbors.add(neighbor);
    }
    return List.copyOf(neighbors);
  }

  private @Nullable NeighborConfig neighbor(
      Fields fields, Duration otherHoldTime, boolean listening) {
    InetAddress address = neighborAddress(fields);
    long as = as(fields, "as");
    int port = port(fields);
    boolean onlyActive = fields.flag("active", false);
    boolean onlyPassive = fields.flag("passive", false);
    if (onlyActive && onlyPassive) {
      bad(
          fields.place("active"),
          "active (only we connect) and passive (only they connect) are both true",
          "leave both out and each side may connect");
      onlyActive = false;
    } else if (onlyPassive && !listening) {
      bad(
          fields.place("passive"),
          "we wait for this neighbor to connect, but listen is none",
          "listen somewhere or leave passive out");
    }
    InetAddress local = localAddress(fields, address);
    String password = password(fields);
    Duration holdTime = holdTime(fields, otherHoldTime);
    SequencedSet<Family> families = families(fields);
    boolean addPath = fields.flag("add-path", true);
    String name = name(fields);
    if (address == null) {
      return null;
    }
    return new NeighborConfig(
        name == null ? Address.text(address) : name,
        address,
        as,
        port,
        !onlyPassive,
        onlyPassive || !onlyActive && listening,
        local,
        password,
        holdTime,
        families,
        addPath);
  }

  private @Nullable InetAddress neighborAddress(Fields fields) {
    InetAddress address = address(fields, "address");
    if (address == null) {
      if (fields.value("address") == null) {
        bad(fields.place(), "this neighbor has no address", ALLOWED_ADDRESS);
      }
      return null;
    }
    if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
      bad(
          fields.place("address"),
          "address " + Address.text(address) + " is not the address of one router",
          ALLOWED_ADDRESS);
    }
    return address;
  }

  private @Nullable InetAddress localAddress(Fields fields, @Nullable InetAddress neighbor) {
    InetAddress local = address(fields, "local-address");
    if (local == null || neighbor == null) {
      return local;
    }
    boolean v4 = neighbor instanceof Inet4Address;
    if (v4 != local instanceof Inet4Address) {
      bad(
          fields.place("local-address"),
          "local-address " + Address.text(local) + " is " + (v4 ? "IPv6" : "IPv4"),
          "the neighbor's address is " + (v4 ? "IPv4" : "IPv6") + ", both must be of one kind");
      return null;
    }
    return local;
  }

  private @Nullable InetAddress address(Fields fields, String key) {
    String text = fields.text(key);
    if (text == null) {
      return null;
    }
    try {
      return Address.parse(text);
    } catch (IllegalArgumentException e) {
      bad(fields.place(key), key + ": " + e.getMessage(), ALLOWED_ADDRESS);
      return null;
    }
  }

  private @Nullable String name(Fields fields) {
    String name = fields.text("name");
    if (name != null
        && (name.length() > 64 || name.chars().anyMatch(c -> c < ' ' || c == '/' || c == 0x7f))) {
      bad(
          fields.place("name"),
          "name '" + name + "' cannot be used",
          "allowed are up to 64 characters without / and control characters");
    }
    return name;
  }

  private long as(Fields fields, String key) {
    String text = fields.text(key);
    if (text == null) {
      if (fields.value(key) == null) {
        bad(fields.place(), key + " is missing", ALLOWED_AS);
      }
      return 1;
    }
    long as = number(text, 4294967295L);
    if (as < 0) {
      bad(fields.place(key), key + " is '" + text + "'", ALLOWED_AS);
      return 1;
    }
    if (as == 0) {
      bad(fields.place(key), "AS 0 is reserved (RFC 7607)", ALLOWED_AS);
      return 1;
    } else if (as == AS_TRANS) {
      bad(fields.place(key), "AS 23456 is nobody's own", ALLOWED_AS);
    }
    return as;
  }

  private long routerId(Fields fields) {
    String allowed = "allowed is an IPv4 address other than 0.0.0.0, as a rule one of this host";
    String text = fields.text("router-id");
    if (text == null) {
      if (fields.value("router-id") == null) {
        bad(fields.place(), "router-id is missing", allowed);
      }
      return 1;
    }
    try {
      if (Address.parse(text) instanceof Inet4Address v4 && !v4.isAnyLocalAddress()) {
        return Integer.toUnsignedLong(ByteBuffer.wrap(v4.getAddress()).getInt());
      }
    } catch (IllegalArgumentException _) {
      // said below, with what is allowed here
    }
    bad(fields.place("router-id"), "router-id is '" + text + "'", allowed);
    return 1;
  }

  private int port(Fields fields) {
    String text = fields.text("port");
    if (text == null) {
      return NeighborConfig.BGP_PORT;
    }
    long port = number(text, 65535);
    if (port < 1) {
      bad(fields.place("port"), "port is '" + text + "'", "allowed is 1..65535");
      return NeighborConfig.BGP_PORT;
    }
    return (int) port;
  }

  private Duration holdTime(Fields fields, Duration otherwise) {
    String text = fields.text("hold-time");
    if (text == null) {
      return otherwise;
    }
    long seconds = number(text, 65535);
    if (seconds < 0 || seconds == 1 || seconds == 2) {
      bad(fields.place("hold-time"), "hold-time is '" + text + "'", ALLOWED_HOLD_TIME);
      return otherwise;
    }
    return Duration.ofSeconds(seconds);
  }

  private Duration duration(
      Fields fields, String key, Duration otherwise, Duration least, Duration most) {
    String text = fields.text(key);
    if (text == null) {
      return otherwise;
    }
    Matcher match = DURATION.matcher(text);
    if (match.matches()) {
      long amount = Long.parseLong(match.group(1));
      Duration duration =
          switch (match.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
          };
      if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
        return duration;
      }
    }
    bad(
        fields.place(key),
        key + " is '" + text + "'",
        "allowed is a time from "
            + words(least)
            + " to "
            + words(most)
            + ", such as "
            + words(otherwise));
    return otherwise;
  }

  private static String words(Duration duration) {
    if (duration.toMillis() < 1000) {
      return duration.toMillis() + "ms";
    }
    return duration.toHours() > 0 ? duration.toHours() + "h" : duration.toMinutes() + "m";
  }

  private SequencedSet<Family> families(Fields fields) {
    var families = new LinkedHashSet<Family>();
    if (fields.value("families") == null) {
      families.add(Family.IPV4_UNICAST);
      families.add(Family.IPV6_UNICAST);
      return families;
    }
    int before = problems.size();
    for (Setting.Text text : fields.texts("families")) {
      if (FAMILIES.contains(text.value())) {
        families.add(Family.parse(text.value()));
      } else {
        String meant =
            Nearest.of(text.value(), FAMILIES).map(f -> "did you mean " + f + "? ").orElse("");
        bad(
            text.place(),
            "family '" + text.value() + "' cannot be asked for",
            meant + "allowed are " + String.join(", ", FAMILIES));
      }
    }
    if (families.isEmpty()) {
      if (problems.size() == before) {
        bad(fields.place("families"), "families is empty", "name one or more, or leave it out");
      }
      families.add(Family.IPV4_UNICAST);
    }
    if (families.size() > 1 && families.contains(ROUTE_TARGET)) {
      warnings.add(
          fields.place("families")
              + ": with "
              + ROUTE_TARGET
              + " the neighbor sends only VPN routes whose targets we ask for, and we ask for none"
              + " (RFC 4684); leave it out to get them all");
    }
    return families;
  }

  private @Nullable String password(Fields fields) {
    String name = fields.text("password-file");
    if (name == null) {
      return null;
    }
    Path file = base.resolve(name);
    Place place = fields.place("password-file");
    String content;
    try {
      content = Files.readString(file, StandardCharsets.UTF_8).strip();
      warnIfOthersMayRead(place, file);
    } catch (NoSuchFileException e) {
      bad(place, "there is no password-file " + file, "write the password as its only line");
      return null;
    } catch (IOException e) {
      bad(place, "password-file " + file + " cannot be read", "it must be text this user may read");
      return null;
    }
    int octets = content.getBytes(StandardCharsets.UTF_8).length;
    if (octets < 1 || octets > LONGEST_MD5_PASSWORD || content.lines().count() > 1) {
      bad(
          place,
          "password-file " + file + " holds no password",
          "allowed is one line of 1..80 octets");
      return null;
    }
    return content;
  }

  private void warnIfOthersMayRead(Place place, Path file) throws IOException {
    if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (permissions.contains(PosixFilePermission.GROUP_READ)
        || permissions.contains(PosixFilePermission.OTHERS_READ)) {
      warnings.add(
          place
              + ": password-file "
              + file
              + " may be read by others ("
              + PosixFilePermissions.toString(permissions)
              + "); chmod 600 it");
    }
  }

  /// The number, or -1 if it is not one of 0..most.
  private static long number(String text, long most) {
    if (!text.matches("\\d{1,10}")) {
      return -1;
    }
    long number = Long.parseLong(text);
    return number <= most ? number : -1;
  }

  private void bad(Place place, String what, String allowed) {
    problems.add(new Problem(place, what, allowed));
  }

  private static InetAddress loopback() {
    return InetAddress.ofLiteral("127.0.0.1");
  }
}
