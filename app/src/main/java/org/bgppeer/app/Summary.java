package org.bgppeer.app;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bgppeer.session.LocalConfig;
import org.bgppeer.session.NeighborConfig;
import org.bgppeer.session.NeighborRange;
import org.bgppeer.store.Database;
import org.bgppeer.store.DatabaseUnavailable;
import org.bgppeer.wire.AddressText;

/// A configuration in a few lines for people.
final class Summary {
  private Summary() {}

  /// Who we are, where we are, and each neighbor.
  static List<String> lines(Configuration configuration) {
    var lines = new ArrayList<String>();
    lines.add("collector  " + collector(configuration.local()));
    lines.add("listening  " + listening(configuration.local()));
    lines.add("data       " + configuration.data().toAbsolutePath());
    String db = configuration.db();
    if (db != null) {
      lines.add("database   " + database(db));
    }
    lines.add("web        " + web(configuration));
    for (NeighborConfig neighbor : configuration.neighbors()) {
      lines.add("neighbor   " + neighbor(neighbor));
    }
    for (NeighborRange range : configuration.ranges()) {
      lines.add("range      " + range(range));
    }
    return lines;
  }

  /// `AS64512, identifier 192.0.2.10`
  static String collector(LocalConfig local) {
    return "AS" + local.as() + ", identifier " + AddressText.ofIdentifier(local.routerId());
  }

  /// `postgresql://localhost:5432/bgp`: no password
  static String database(String db) {
    try {
      return Database.placeOf(db);
    } catch (DatabaseUnavailable e) {
      return String.valueOf(e.getMessage());
    }
  }

  /// `0.0.0.0:179, [::]:179`, or that it is nowhere.
  static String listening(LocalConfig local) {
    return local.listen().isEmpty()
        ? "nowhere, we only connect to others"
        : local.listen().stream().map(Address::text).collect(Collectors.joining(", "));
  }

  private static String web(Configuration configuration) {
    return configuration.web() == null
        ? "none"
        : "http://" + Address.text(configuration.web()) + "/";
  }

  private static String neighbor(NeighborConfig neighbor) {
    String address = Address.text(neighbor.address());
    return (neighbor.name().equals(address) ? address : neighbor.name() + " (" + address + ")")
        + ", AS"
        + neighbor.as()
        + ", "
        + (neighbor.active()
            ? neighbor.passive()
                ? "both sides connect, port " + neighbor.port()
                : "we connect to port " + neighbor.port()
            : "they connect to us")
        + settings(neighbor)
        + ", "
        + neighbor.families().stream().map(Object::toString).collect(Collectors.joining(" "))
        + addPath(neighbor);
  }

  private static String range(NeighborRange range) {
    NeighborConfig like = range.like();
    return range
        + ", "
        + (range.as().isEmpty()
            ? "any AS"
            : range.as().stream().sorted().map(as -> "AS" + as).collect(Collectors.joining(" ")))
        + ", up to "
        + range.most()
        + " neighbors"
        + settings(like)
        + ", "
        + (range.mirror()
            ? "the families that they offer"
            : like.families().stream().map(Object::toString).collect(Collectors.joining(" ")))
        + addPath(like);
  }

  /// What neighbors and ranges have alike, where it is not as usual.
  private static String settings(NeighborConfig neighbor) {
    var text = new StringBuilder();
    if (neighbor.password() != null) {
      text.append(", with TCP MD5");
    }
    if (!neighbor.tcpAo().isEmpty()) {
      text.append(", with TCP-AO");
    }
    if (neighbor.ttlSecurity() > 0) {
      text.append(", with GTSM, ").append(neighbor.ttlSecurity()).append(" hops at most");
    }
    if (neighbor.multihop() > 0) {
      text.append(", TTL ").append(neighbor.multihop());
    }
    if (neighbor.localAs() > 0) {
      text.append(", we are AS").append(neighbor.localAs());
    }
    if (neighbor.role() != null) {
      text.append(", we are its ").append(neighbor.role().text());
    }
    text.append(", hold time ")
        .append(neighbor.holdTime().isZero() ? "off" : neighbor.holdTime().toSeconds() + " s");
    new TreeMap<>(neighbor.limits())
        .forEach(
            (family, limit) ->
                text.append(", at most ")
                    .append(limit.most())
                    .append(" routes of ")
                    .append(family));
    if (!neighbor.retention().helper()) {
      text.append(", without graceful restart");
    }
    return text.toString();
  }

  private static String addPath(NeighborConfig neighbor) {
    if (neighbor.addPath().isEmpty()) {
      return ", without ADD-PATH";
    }
    return neighbor.addPath().containsAll(neighbor.families())
        ? ""
        : ", with ADD-PATH for "
            + neighbor.addPath().stream()
                .sorted()
                .map(Object::toString)
                .collect(Collectors.joining(" "));
  }
}
