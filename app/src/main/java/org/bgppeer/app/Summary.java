package org.bgppeer.app;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.bgppeer.session.LocalConfig;
import org.bgppeer.session.NeighborConfig;
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
    lines.add("web        " + web(configuration));
    for (NeighborConfig neighbor : configuration.neighbors()) {
      lines.add("neighbor   " + neighbor(neighbor));
    }
    return lines;
  }

  /// `AS64512, identifier 192.0.2.10`
  static String collector(LocalConfig local) {
    return "AS" + local.as() + ", identifier " + AddressText.ofIdentifier(local.routerId());
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
        + (neighbor.password() == null ? "" : ", with TCP MD5")
        + ", hold time "
        + (neighbor.holdTime().isZero() ? "off" : neighbor.holdTime().toSeconds() + " s")
        + ", "
        + neighbor.families().stream().map(Object::toString).collect(Collectors.joining(" "))
        + (neighbor.addPath() ? "" : ", without ADD-PATH");
  }
}
