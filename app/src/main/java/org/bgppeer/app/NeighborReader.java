package org.bgppeer.app;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bgppeer.session.NeighborConfig;
import org.bgppeer.session.NeighborRange;
import org.bgppeer.session.PrefixLimit;
import org.bgppeer.session.Retention;
import org.bgppeer.session.Role;
import org.bgppeer.session.TcpAoKey;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// Judges the part of the configuration that says who the neighbors are.
final class NeighborReader {
  private static final Family ROUTE_TARGET = Family.parse("ipv4-route-target");
  private static final List<String> FAMILIES = Family.KNOWN.stream().map(Family::toString).toList();
  private static final InetAddress BROADCAST = InetAddress.ofLiteral("255.255.255.255");
  private static final int MAX_HOPS = 254;
  private static final long MAX_ROUTES = 1_000_000_000L;
  private static final String ALLOWED_HOPS = "allowed is 1..254";
  private static final String ALLOWED_RANGE =
      "allowed is a prefix, for instance 198.51.100.0/24 or 2001:db8::/32";

  /// What makes no sense of many routers.
  private static final List<String> NOT_OF_RANGES =
      List.of("address", "name", "port", "passive", "active", "local-address", "mute");

  private final SettingValues values;
  private final KeyReader keys;
  private final Duration otherHoldTime;
  private final boolean listening;
  private final Map<Integer, Setting.Known> understood;
  private final List<NeighborConfig> neighbors = new ArrayList<>();
  private final List<NeighborRange> ranges = new ArrayList<>();
  private final Set<String> muted = new LinkedHashSet<>();
  private final Map<InetAddress, Place> addresses = new HashMap<>();
  private final Map<InetAddress, List<NeighborConfig>> sessions = new HashMap<>();
  private final Map<String, Place> names = new HashMap<>();
  private final Map<Prefix, Place> prefixes = new LinkedHashMap<>();

  /// @param keys judges how they are signed
  /// @param otherHoldTime of neighbors that have none of their own
  /// @param listening whether anybody can call us
  /// @param understood takes those that need not be judged again, by their first lines
  NeighborReader(
      SettingValues values,
      KeyReader keys,
      Duration otherHoldTime,
      boolean listening,
      Map<Integer, Setting.Known> understood) {
    this.values = values;
    this.keys = keys;
    this.otherHoldTime = otherHoldTime;
    this.listening = listening;
    this.understood = understood;
  }

  /// Those with an address of their own.
  List<NeighborConfig> neighbors() {
    return neighbors;
  }

  /// The names of those whose routes only those see who ask for them.
  Set<String> muted() {
    return muted;
  }

  /// Those that are all who call from somewhere.
  List<NeighborRange> ranges() {
    return ranges;
  }

  /// Reads all of them.
  void read(Fields fields) {
    Setting value = fields.value("neighbors");
    if (value == null || value instanceof Setting.Text(_, var text) && text.isEmpty()) {
      values.warnings.add(
          (value == null ? fields.place() : value.place())
              + ": there is no neighbor; nobody will send routes");
      return;
    }
    if (!(value instanceof Setting.Items items)) {
      values.bad(
          value.place(),
          "neighbors is not a list",
          "write one item '- address: …' with 'as: …' a neighbor");
      return;
    }
    for (Setting item : items.values()) {
      if (item instanceof Setting.Known known) {
        understood.put(known.place().line(), known);
        add(known.neighbor(), known.muted(), known.place(), known.place());
        continue;
      }
      if (!(item instanceof Setting.Entries entries)) {
        values.bad(
            item.place(), "this neighbor is not names with values", "write address: … and as: …");
        continue;
      }
      var of =
          new Fields(entries, "a neighbor", SettingKey.names(SettingKey.NEIGHBOR), values.problems);
      if (of.value("range") == null) {
        one(of);
      } else {
        range(of);
      }
    }
    judgeRanges();
  }

  private void one(Fields of) {
    int said = values.problems.size() + values.warnings.size();
    for (String key : List.of("max-neighbors", "mirror")) {
      if (of.value(key) != null) {
        values.bad(
            of.place(key), key + " is for a range", "write range: PREFIX in place of address");
      }
    }
    NeighborConfig neighbor = neighbor(of);
    if (neighbor == null) {
      return;
    }
    boolean mute = of.flag("mute", false);
    if (said == values.problems.size() + values.warnings.size() && isOfItsTextAlone(neighbor)) {
      understood.put(of.place().line(), new Setting.Known(of.place(), neighbor, mute));
    }
    add(neighbor, mute, of.place("address"), of.place("name"));
  }

  /// Whether nothing else, such as a file or an interface, decides what it is.
  private static boolean isOfItsTextAlone(NeighborConfig neighbor) {
    return neighbor.password() == null
        && neighbor.tcpAo().isEmpty()
        && !isOfInterface(neighbor.address())
        && !isOfInterface(neighbor.localAddress());
  }

  private static boolean isOfInterface(@Nullable InetAddress address) {
    return address instanceof Inet6Address six && six.getScopeId() != 0;
  }

  private void add(NeighborConfig neighbor, boolean mute, Place place, Place namePlace) {
    Place before = addresses.putIfAbsent(neighbor.address(), place);
    String clash =
        clash(neighbor, sessions.computeIfAbsent(neighbor.address(), _ -> new ArrayList<>(1)));
    if (before != null && !clash.isEmpty()) {
      values.bad(
          place,
          "neighbor " + Address.text(neighbor.address()) + " is there already: " + before,
          clash);
    } else {
      Place named = names.putIfAbsent(neighbor.name(), namePlace);
      if (named != null) {
        values.bad(
            namePlace,
            "name '" + neighbor.name() + "' is taken: " + named,
            "every neighbor needs a name of its own");
      }
    }
    neighbors.add(neighbor);
    if (mute) {
      muted.add(neighbor.name());
    }
  }

  /// Why a neighbor cannot be beside others with its address; empty if it can.
  private static String clash(NeighborConfig neighbor, List<NeighborConfig> others) {
    String clash = "";
    for (NeighborConfig other : others) {
      if (neighbor.localAddress() == null || other.localAddress() == null) {
        clash = "one neighbor an address is allowed, or several that have a local-address each";
      } else if (neighbor.localAddress().equals(other.localAddress())) {
        clash =
            "both have local-address "
                + Address.text(neighbor.localAddress())
                + "; each needs one of its own";
      } else if (neighbor.passive()
          && other.passive()
          && !(Objects.equals(neighbor.password(), other.password())
              && neighbor.tcpAo().equals(other.tcpAo()))) {
        clash =
            "the kernel knows callers by their address alone: give both the same "
                + (neighbor.tcpAo().isEmpty() && other.tcpAo().isEmpty()
                    ? "password-file"
                    : "tcp-ao");
      }
    }
    others.add(neighbor);
    return clash;
  }

  private void range(Fields of) {
    for (String key : NOT_OF_RANGES) {
      if (of.value(key) != null) {
        values.bad(
            of.place(key), key + " is for one router, this is a range", "leave one of both out");
      }
    }
    if (!listening) {
      values.bad(
          of.place("range"),
          "this range waits for neighbors to connect, but listen is none",
          "listen somewhere");
    }
    Prefix prefix = prefix(of);
    Set<Long> as = asNumbers(of);
    boolean mirror = of.flag("mirror", false);
    if (mirror && of.value("families") != null) {
      values.bad(
          of.place("families"),
          "families and mirror are both given",
          "mirror takes what each neighbor offers; leave one of both out");
    }
    long most = NeighborRange.USUAL_MOST;
    String text = of.text("max-neighbors");
    if (text != null) {
      most = SettingValues.number(text, 100_000);
      if (most < 1) {
        values.bad(
            of.place("max-neighbors"), "max-neighbors is '" + text + "'", "allowed is 1..100000");
        most = 1;
      }
    }
    if (prefix == null) {
      return;
    }
    Place before = prefixes.putIfAbsent(prefix, of.place("range"));
    if (before != null) {
      values.bad(
          of.place("range"),
          "range " + prefix + " is there already: " + before,
          "say everything of a range at one place; ranges within each other are allowed");
      return;
    }
    NeighborConfig like =
        settings(of, NeighborConfig.of(prefix.toString(), address(prefix), 1))
            .withDirections(false, true);
    ranges.add(new NeighborRange(prefix, as, (int) most, mirror, like));
  }

  private static InetAddress address(Prefix prefix) {
    try {
      return InetAddress.getByAddress(prefix.address());
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException("4 or 16 octets are an address", e);
    }
  }

  private @Nullable Prefix prefix(Fields of) {
    String text = of.text("range");
    if (text == null) {
      return null;
    }
    try {
      Prefix prefix = Prefix.parse(text);
      InetAddress first = Address.parse(text.substring(0, text.indexOf('/')));
      if (!address(prefix).equals(first)) {
        values.bad(
            of.place("range"),
            "range is '" + text + "', which is an address within a prefix",
            "write " + prefix + " if all of that may call, or address: " + Address.text(first));
      }
      return prefix;
    } catch (IllegalArgumentException e) {
      values.bad(of.place("range"), "range is '" + text + "'", ALLOWED_RANGE);
      return null;
    }
  }

  /// Those that may call; empty for any.
  private Set<Long> asNumbers(Fields of) {
    var numbers = new LinkedHashSet<Long>();
    if (of.value("as") == null) {
      values.bad(of.place(), "as is missing", "write as: any, one number, or a list of them");
    }
    for (Setting.Text text : of.texts("as")) {
      if (text.value().equals("any")) {
        return Set.of();
      }
      numbers.add(values.as(text.place(), "as", text.value()));
    }
    return numbers;
  }

  /// Ranges within each other, and keys that cannot be for a part of a range.
  private void judgeRanges() {
    List<NeighborRange> signed = ranges.stream().filter(range -> isSigned(range.like())).toList();
    for (NeighborRange range : ranges) {
      NeighborRange around = null;
      for (NeighborRange other : ranges) {
        if (isWithin(range.range(), other)
            && (around == null || around.range().length() < other.range().length())) {
          around = other;
        }
      }
      if (around != null) {
        values.warnings.add(
            place(range)
                + ": range "
                + range
                + " lies within range "
                + around
                + " ("
                + place(around)
                + "); of who calls from both the narrower counts, which is "
                + range);
      }
      for (NeighborRange wider : signed) {
        if (isWithin(range.range(), wider)) {
          judgeKeys("range " + range, place(range), range.like(), wider);
        }
      }
    }
    if (signed.isEmpty()) {
      return;
    }
    for (NeighborConfig neighbor : neighbors) {
      byte[] octets = neighbor.address().getAddress();
      Prefix address = Prefix.of(octets, octets.length * 8);
      for (NeighborRange range : signed) {
        if (range.range().contains(address)) {
          judgeKeys(
              "neighbor " + Address.text(neighbor.address()),
              addresses.getOrDefault(neighbor.address(), new Place("neighbors", 0)),
              neighbor,
              range);
        }
      }
    }
  }

  private Place place(NeighborRange range) {
    return prefixes.getOrDefault(range.range(), new Place("neighbors", 0));
  }

  private static boolean isWithin(Prefix prefix, NeighborRange wider) {
    return wider.range().length() < prefix.length() && wider.range().contains(prefix);
  }

  private static boolean isSigned(NeighborConfig neighbor) {
    return neighbor.password() != null || !neighbor.tcpAo().isEmpty();
  }

  /// What is not signed as the range around it is cannot be: the kernel asks everybody in the range
  /// for that.
  private void judgeKeys(String who, Place place, NeighborConfig one, NeighborRange around) {
    boolean md5 = around.like().password() != null;
    String lies = ", but lies in the range " + around;
    if (!isSigned(one)) {
      values.bad(
          place,
          who
              + (md5 ? " has no password" : " has no tcp-ao")
              + lies
              + ", of whose addresses the kernel asks for one",
          md5
              ? "give it a password-file, the same or another one"
              : "give it tcp-ao, with the same keys or others");
    } else if (md5 != (one.password() != null)) {
      values.bad(
          place,
          who
              + (md5 ? " has tcp-ao" : " has a password")
              + lies
              + (md5 ? ", which has a password" : ", which has tcp-ao"),
          "the kernel takes one kind of keys for an address: give both the same kind");
    }
    for (TcpAoKey key : one.tcpAo()) {
      for (TcpAoKey other : around.like().tcpAo()) {
        if (key.overlaps(other) && !key.equals(other)) {
          values.bad(
              place,
              who + " has a " + key + lies + ", which has another " + other,
              "a send-id or receive-id means one key for all addresses of a range (RFC 5925): use"
                  + " other numbers");
        }
      }
    }
  }

  private @Nullable NeighborConfig neighbor(Fields fields) {
    InetAddress address = neighborAddress(fields);
    long as = values.as(fields, "as");
    int port = port(fields);
    boolean onlyActive = fields.flag("active", false);
    boolean onlyPassive = fields.flag("passive", false);
    if (onlyActive && onlyPassive) {
      values.bad(
          fields.place("active"),
          "active (only we connect) and passive (only they connect) are both true",
          "leave both out and each side may connect");
      onlyActive = false;
    } else if (onlyPassive && !listening) {
      values.bad(
          fields.place("passive"),
          "we wait for this neighbor to connect, but listen is none",
          "listen somewhere or leave passive out");
    }
    InetAddress local = localAddress(fields, address);
    String name = name(fields);
    InetAddress there = address == null ? InetAddress.getLoopbackAddress() : address;
    NeighborConfig neighbor =
        settings(
            fields,
            NeighborConfig.of(name == null ? Address.text(there) : name, there, as)
                .withPort(port)
                .withDirections(!onlyPassive, onlyPassive || !onlyActive && listening)
                .withLocalAddress(address == null ? null : local));
    return address == null ? null : neighbor;
  }

  /// What neighbors and ranges have alike.
  private NeighborConfig settings(Fields fields, NeighborConfig plain) {
    SequencedSet<Family> families = families(fields);
    int ttlSecurity = ttlSecurity(fields);
    int multihop = hops(fields, "multihop");
    if (ttlSecurity > 0 && multihop > 0) {
      values.bad(
          fields.place("multihop"),
          "ttl-security and multihop are both given",
          "GTSM needs TTL 255 from both: write ttl-security: HOPS for a neighbor that is some hops"
              + " away, and leave multihop out");
      multihop = 0;
    }
    return plain
        .withFamilies(families.toArray(Family[]::new))
        .withAddPath(addPath(fields, families))
        .withPassword(fields.value("tcp-ao") == null ? keys.password(fields) : null)
        .withTcpAo(keys.tcpAo(fields))
        .withTtlSecurity(ttlSecurity)
        .withMultihop(multihop)
        .withLocalAs(fields.value("local-as") == null ? 0 : values.as(fields, "local-as"))
        .withRole(role(fields), fields.flag("strict-role", false))
        .withHoldTime(values.holdTime(fields, otherHoldTime))
        .withLimits(limits(fields, families))
        .withRetention(retention(fields, families));
  }

  private int ttlSecurity(Fields fields) {
    return switch (fields.value("ttl-security")) {
      case Setting.Text(_, var text) when text.equals("true") -> 1;
      case Setting.Text(_, var text) when text.equals("false") -> 0;
      case null, default -> hops(fields, "ttl-security");
    };
  }

  private int hops(Fields fields, String key) {
    String text = fields.text(key);
    if (text == null) {
      return 0;
    }
    long hops = SettingValues.number(text, MAX_HOPS);
    if (hops < 1) {
      values.bad(fields.place(key), key + " is '" + text + "'", ALLOWED_HOPS);
      return 0;
    }
    return (int) hops;
  }

  private @Nullable Role role(Fields fields) {
    String text = fields.text("role");
    List<String> all = Stream.of(Role.values()).map(Role::text).toList();
    if (text == null) {
      if (fields.value("strict-role") != null) {
        values.bad(
            fields.place("strict-role"),
            "strict-role without role",
            "say what we are to the neighbor: role: " + String.join(", ", all));
      }
      return null;
    }
    for (Role role : Role.values()) {
      if (role.text().equals(text.toLowerCase(Locale.ROOT))) {
        return role;
      }
    }
    values.bad(
        fields.place("role"),
        "role is '" + text + "'",
        meant(text, all) + "allowed are " + String.join(", ", all));
    return null;
  }

  private Set<Family> addPath(Fields fields, Set<Family> families) {
    Setting value = fields.value("add-path");
    if (value == null || value instanceof Setting.Text(_, var text) && !isFamily(text)) {
      return fields.flag("add-path", true) ? families : Set.of();
    }
    var some = new LinkedHashSet<Family>();
    for (Setting.Text text : fields.texts("add-path")) {
      Family family = family(text, families, "add-path");
      if (family != null) {
        some.add(family);
      }
    }
    return some;
  }

  private static boolean isFamily(String text) {
    return FAMILIES.contains(text);
  }

  /// A family that the neighbor is asked for; null, which is reported, if it is not.
  private @Nullable Family family(Setting.Text text, Set<Family> asked, String key) {
    String all = asked.stream().map(Family::toString).collect(Collectors.joining(", "));
    if (isFamily(text.value()) && asked.contains(Family.parse(text.value()))) {
      return Family.parse(text.value());
    }
    values.bad(
        text.place(),
        key + " names " + text.value() + ", which this neighbor is not asked for",
        "allowed are " + all + "; families says which");
    return null;
  }

  private Map<Family, PrefixLimit> limits(Fields fields, Set<Family> families) {
    Setting value = fields.value("max-prefix");
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof Setting.Entries entries)) {
      long most = most(fields, "max-prefix");
      return most < 1 ? Map.of() : each(families, limit(most, PrefixLimit.Action.TEAR_DOWN));
    }
    int before = values.problems.size();
    var of =
        new Fields(entries, "max-prefix", SettingKey.names(SettingKey.MAX_PREFIX), values.problems);
    boolean unknown = values.problems.size() > before;
    PrefixLimit.Action action = action(of);
    long warn = PrefixLimit.WARN_PERCENT;
    String percent = of.text("warn");
    if (percent != null) {
      warn = SettingValues.number(percent.replace("%", "").strip(), 100);
      if (warn < 0) {
        values.bad(of.place("warn"), "warn is '" + percent + "'", "allowed is 0..100, in percent");
        warn = 0;
      }
    }
    Duration restart = Duration.ZERO;
    if (of.value("restart") != null && !"never".equals(of.text("restart"))) {
      restart =
          values.duration(
              of, "restart", Duration.ofMinutes(5), Duration.ofSeconds(1), Duration.ofDays(30));
      if (action != PrefixLimit.Action.TEAR_DOWN) {
        values.bad(
            of.place("restart"),
            "restart without action: tear-down",
            "only a session that was torn down can come back; leave it out");
      }
    }
    if (of.value("limit") == null && !unknown) {
      values.bad(of.place(), "max-prefix has no limit", "write limit: NUMBER below it");
    }
    var limits = new LinkedHashMap<Family, PrefixLimit>();
    if (of.value("limit") instanceof Setting.Entries some) {
      var by = new Fields(some, "limit", FAMILIES, values.problems);
      for (Setting.Entry entry : some.entries()) {
        if (!isFamily(entry.key())) {
          continue; // Fields said so
        }
        Family family =
            family(new Setting.Text(entry.place(), entry.key()), families, "max-prefix");
        long most = most(by, entry.key());
        if (family != null && most > 0) {
          limits.put(family, new PrefixLimit(most, action, (int) warn, restart));
        }
      }
    } else if (of.value("limit") != null) {
      long most = most(of, "limit");
      if (most > 0) {
        limits.putAll(each(families, new PrefixLimit(most, action, (int) warn, restart)));
      }
    }
    return limits;
  }

  private static PrefixLimit limit(long most, PrefixLimit.Action action) {
    return new PrefixLimit(most, action, PrefixLimit.WARN_PERCENT, Duration.ZERO);
  }

  private static Map<Family, PrefixLimit> each(Set<Family> families, PrefixLimit limit) {
    return families.stream().collect(Collectors.toMap(family -> family, _ -> limit));
  }

  private long most(Fields fields, String key) {
    String text = fields.text(key);
    if (text == null) {
      return -1;
    }
    long most = SettingValues.number(text.replace("_", ""), MAX_ROUTES);
    if (most < 1) {
      values.bad(
          fields.place(key),
          key + " is '" + text + "'",
          "allowed is a number of routes, 1 or more");
    }
    return most;
  }

  private PrefixLimit.Action action(Fields of) {
    String text = of.text("action");
    if (text == null) {
      return PrefixLimit.Action.TEAR_DOWN;
    }
    List<String> all = new ArrayList<>();
    for (PrefixLimit.Action action : PrefixLimit.Action.values()) {
      String name = action.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (name.equals(text)) {
        return action;
      }
      all.add(name);
    }
    values.bad(
        of.place("action"),
        "action is '" + text + "'",
        meant(text, all) + "allowed are " + String.join(", ", all));
    return PrefixLimit.Action.TEAR_DOWN;
  }

  private Retention retention(Fields fields, Set<Family> families) {
    boolean helper = true;
    Duration longest = Retention.LONGEST_RESTART;
    String text = fields.text("graceful-restart");
    long seconds = text == null ? -1 : SettingValues.number(text, longest.toSeconds());
    if (seconds >= 0) {
      longest = Duration.ofSeconds(seconds);
    } else if (text != null && text.matches("\\d+")) {
      values.bad(
          fields.place("graceful-restart"),
          "graceful-restart is '" + text + "'",
          "allowed are true, false and 0..4095 seconds (RFC 4724)");
    } else {
      helper = fields.flag("graceful-restart", true);
    }
    Map<Family, Duration> longLived = longLived(fields, families);
    if (!helper && !longLived.isEmpty()) {
      values.bad(
          fields.place("long-lived-graceful-restart"),
          "long-lived-graceful-restart without graceful-restart",
          "RFC 9494 needs both; leave graceful-restart: false out, or make it 0 seconds");
    }
    return helper ? new Retention(true, longest, longLived) : Retention.none();
  }

  private Map<Family, Duration> longLived(Fields fields, Set<Family> families) {
    String key = "long-lived-graceful-restart";
    Setting value = fields.value(key);
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof Setting.Entries entries)) {
      values.bad(
          value.place(),
          key + " is not families with times",
          "RFC 9494 wants each family named: write ipv4-unicast: 24h below it");
      return Map.of();
    }
    var by = new Fields(entries, key, FAMILIES, values.problems);
    var times = new LinkedHashMap<Family, Duration>();
    for (Setting.Entry entry : entries.entries()) {
      if (!isFamily(entry.key())) {
        continue; // Fields said so
      }
      Family family = family(new Setting.Text(entry.place(), entry.key()), families, key);
      Duration time =
          values.duration(
              by, entry.key(), Duration.ofHours(24), Duration.ofSeconds(1), Duration.ofDays(194));
      if (family != null) {
        times.put(family, time);
      }
    }
    return times;
  }

  private static String meant(String text, List<String> known) {
    return Nearest.of(text, known).map(near -> "did you mean " + near + "? ").orElse("");
  }

  private @Nullable InetAddress neighborAddress(Fields fields) {
    InetAddress address = values.address(fields, "address");
    if (address == null) {
      if (fields.value("address") == null) {
        values.bad(fields.place(), "this neighbor has no address", SettingValues.ALLOWED_ADDRESS);
      }
      return null;
    }
    if (!isOfOne(address)) {
      values.bad(
          fields.place("address"),
          "address " + Address.text(address) + " is not the address of one router",
          SettingValues.ALLOWED_ADDRESS);
    }
    if (address instanceof Inet6Address six && six.isLinkLocalAddress() && six.getScopeId() == 0) {
      values.bad(
          fields.place("address"),
          "address " + Address.text(address) + " is there on every interface",
          "write its interface behind it: " + Address.text(address) + "%eth0");
    }
    return address;
  }

  private static boolean isOfOne(InetAddress address) {
    return !address.isAnyLocalAddress()
        && !address.isMulticastAddress()
        && !address.equals(BROADCAST);
  }

  private @Nullable InetAddress localAddress(Fields fields, @Nullable InetAddress neighbor) {
    InetAddress local = values.address(fields, "local-address");
    if (local == null || neighbor == null) {
      return local;
    }
    if (!isOfOne(local)) {
      values.bad(
          fields.place("local-address"),
          "local-address " + Address.text(local) + " is not one address of this host",
          "name one, or leave it out and the system chooses");
      return null;
    }
    boolean v4 = neighbor instanceof Inet4Address;
    if (v4 != local instanceof Inet4Address) {
      values.bad(
          fields.place("local-address"),
          "local-address " + Address.text(local) + " is " + (v4 ? "IPv6" : "IPv4"),
          "the neighbor's address is " + (v4 ? "IPv4" : "IPv6") + ", both must be of one kind");
      return null;
    }
    return local;
  }

  private @Nullable String name(Fields fields) {
    String name = fields.text("name");
    if (name != null
        && (name.length() > 64 || name.chars().anyMatch(c -> c < ' ' || c == '/' || c == 0x7f))) {
      values.bad(
          fields.place("name"),
          "name '" + name + "' cannot be used",
          "allowed are up to 64 characters without / and control characters");
    }
    return name;
  }

  private int port(Fields fields) {
    String text = fields.text("port");
    if (text == null) {
      return NeighborConfig.BGP_PORT;
    }
    long port = SettingValues.number(text, 65535);
    if (port < 1) {
      values.bad(fields.place("port"), "port is '" + text + "'", "allowed is 1..65535");
      return NeighborConfig.BGP_PORT;
    }
    return (int) port;
  }

  private SequencedSet<Family> families(Fields fields) {
    var families = new LinkedHashSet<Family>();
    if (fields.value("families") == null) {
      families.add(Family.IPV4_UNICAST);
      families.add(Family.IPV6_UNICAST);
      return families;
    }
    int before = values.problems.size();
    for (Setting.Text text : fields.texts("families")) {
      if (isFamily(text.value())) {
        families.add(Family.parse(text.value()));
      } else {
        values.bad(
            text.place(),
            "family '" + text.value() + "' cannot be asked for",
            meant(text.value(), FAMILIES) + "allowed are " + String.join(", ", FAMILIES));
      }
    }
    if (families.isEmpty()) {
      if (values.problems.size() == before) {
        values.bad(
            fields.place("families"), "families is empty", "name one or more, or leave it out");
      }
      families.add(Family.IPV4_UNICAST);
    }
    if (families.size() > 1 && families.contains(ROUTE_TARGET)) {
      values.warnings.add(
          fields.place("families")
              + ": with "
              + ROUTE_TARGET
              + " the neighbor sends only VPN routes whose targets we ask for, and we ask for none"
              + " (RFC 4684); leave it out to get them all");
    }
    return families;
  }
}
