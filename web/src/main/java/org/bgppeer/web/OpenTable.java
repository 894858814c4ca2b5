package org.bgppeer.web;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bgppeer.store.SessionRow;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.CapabilityCode;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Negotiated;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.OpenError;
import org.jspecify.annotations.Nullable;

/// What both sides of a session said in their OPENs, side by side, and what of it is in use.
///
/// @param rows a line each, unknown capabilities last
public record OpenTable(List<Row> rows) {

  /// A line of the table.
  ///
  /// @param name what it is about
  /// @param we, they what we and they said; null if they did not
  /// @param inUse what came of it; null if nothing comes of it
  /// @param note beside it; may be empty
  public record Row(
      String name, @Nullable String we, @Nullable String they, @Nullable Mark inUse, String note) {}

  /// The table of a session; null if one of the OPENs is not known or cannot be read.
  static @Nullable OpenTable of(@Nullable SessionRow session) {
    if (session == null || session.openSent() == null || session.openReceived() == null) {
      return null;
    }
    try {
      return of(decode(session.openSent()), decode(session.openReceived()));
    } catch (OpenError e) {
      return null; // the packet's own page shows what is wrong with it
    }
  }

  private static Open decode(Octets message) throws OpenError {
    byte[] octets = message.toByteArray();
    return Open.decode(octets, 0, octets.length);
  }

  /// The table of two OPENs.
  public static OpenTable of(Open we, Open they) {
    Negotiated agreed = Negotiated.of(we, they);
    var rows = new ArrayList<Row>();
    rows.add(
        new Row(
            "AS number",
            Long.toString(we.as()),
            Long.toString(they.as()),
            new Mark("active", agreed.as4() ? "4-octet" : "2-octet"),
            ""));
    Duration hold = agreed.holdTime();
    rows.add(
        new Row(
            "Hold time",
            we.holdTimeSeconds() + " s",
            they.holdTimeSeconds() + " s",
            hold.isZero() ? new Mark("off", "none") : new Mark("active", hold.toSeconds() + " s"),
            hold.isZero() ? "a dead neighbor is not noticed" : ""));
    rows.add(
        new Row(
            "BGP identifier",
            AddressText.ofIdentifier(we.bgpIdentifier()),
            AddressText.ofIdentifier(they.bgpIdentifier()),
            null,
            ""));
    rows.add(
        new Row(
            "Families",
            offered(we),
            offered(they),
            agreed.families().isEmpty()
                ? new Mark("down", "none in common")
                : new Mark("active", list(agreed.families())),
            ""));
    rows.add(
        new Row(
            "ADD-PATH",
            addPath(we),
            addPath(they),
            agreed.addPathReceive().isEmpty()
                ? new Mark("off", "off")
                : new Mark("active", list(agreed.addPathReceive())),
            agreed.addPathReceive().isEmpty()
                ? "one path per prefix"
                : "they send several paths per prefix"));
    rows.add(
        onOff(
            "Route refresh",
            we,
            they,
            Capability.RouteRefreshCapability.class,
            agreed.routeRefresh()));
    rows.add(
        onOff(
            "Enhanced route refresh",
            we,
            they,
            Capability.EnhancedRouteRefresh.class,
            agreed.enhancedRouteRefresh()));
    rows.add(gracefulRestart(we, they));
    rows.add(
        onOff(
            "Extended message",
            we,
            they,
            Capability.ExtendedMessage.class,
            agreed.extendedMessage() && they.capability(Capability.ExtendedMessage.class) != null));
    rows.add(
        new Row(
            "IPv6 next hop for IPv4",
            extendedNextHop(we),
            extendedNextHop(they),
            agreed.extendedNextHop().isEmpty()
                ? new Mark("off", "off")
                : new Mark("active", list(agreed.extendedNextHop())),
            ""));
    if (name(we) != null || name(they) != null) {
      rows.add(new Row("Host name", name(we), name(they), null, ""));
    }
    others(rows, we, they);
    unknown(rows, we, true);
    unknown(rows, they, false);
    return new OpenTable(rows);
  }

  private static <T extends Capability> Row onOff(
      String name, Open we, Open they, Class<T> kind, boolean on) {
    return new Row(
        name,
        we.capability(kind) == null ? null : "yes",
        they.capability(kind) == null ? null : "yes",
        on ? new Mark("active", "on") : new Mark("off", "off"),
        "");
  }

  private static @Nullable String offered(Open open) {
    String list =
        open.capabilities().stream()
            .filter(Capability.Multiprotocol.class::isInstance)
            .map(c -> family(((Capability.Multiprotocol) c).family()))
            .distinct()
            .collect(Collectors.joining(", "));
    return list.isEmpty() ? null : list;
  }

  private static @Nullable String addPath(Open open) {
    if (open.capability(Capability.AddPath.class) == null) {
      return null;
    }
    return Negotiated.addPath(open).stream()
        .map(
            entry ->
                (entry.receives() && entry.sends()
                        ? "both ways "
                        : entry.receives() ? "receive " : "send ")
                    + family(entry.family()))
        .collect(Collectors.joining(", "));
  }

  private static Row gracefulRestart(Open we, Open they) {
    Capability.GracefulRestart theirs = they.capability(Capability.GracefulRestart.class);
    return new Row(
        "Graceful restart",
        gracefulRestart(we),
        gracefulRestart(they),
        theirs == null ? new Mark("off", "off") : new Mark("active", "End-of-RIB"),
        theirs == null ? "" : "they say when their table is complete");
  }

  private static @Nullable String gracefulRestart(Open open) {
    Capability.GracefulRestart capability = open.capability(Capability.GracefulRestart.class);
    if (capability == null) {
      return null;
    }
    String kept =
        capability.entries().stream()
            .map(
                entry ->
                    family(entry.family()) + (entry.forwardingKept() ? " (forwarding kept)" : ""))
            .collect(Collectors.joining(", "));
    return (capability.restartTimeSeconds() == 0
            ? "End-of-RIB only"
            : "restart time " + capability.restartTimeSeconds() + " s")
        + (capability.restarted() ? ", just restarted" : "")
        + (kept.isEmpty() ? "" : ", " + kept);
  }

  private static @Nullable String extendedNextHop(Open open) {
    return open.capability(Capability.ExtendedNextHop.class) == null
        ? null
        : open.capabilities(Capability.ExtendedNextHop.class).stream()
            .flatMap(capability -> capability.entries().stream())
            .map(entry -> family(entry.nlri()))
            .distinct()
            .collect(Collectors.joining(", "));
  }

  private static @Nullable String name(Open open) {
    Capability.Fqdn capability = open.capability(Capability.Fqdn.class);
    return capability == null
        ? null
        : capability.domain().isEmpty()
            ? capability.host()
            : capability.host() + "." + capability.domain();
  }

  /// The capabilities without a row of their own that are understood, and change nothing for us.
  private static void others(List<Row> rows, Open we, Open they) {
    var codes = new LinkedHashSet<CapabilityCode>();
    for (Open open : List.of(we, they)) {
      open.capabilities().stream()
          .filter(OpenTable::hasNoRow)
          .map(Capability::code)
          .forEach(codes::add);
    }
    for (CapabilityCode code : codes) {
      rows.add(new Row(code.toString(), other(we, code), other(they, code), null, ""));
    }
  }

  private static boolean hasNoRow(Capability capability) {
    return switch (capability) {
      case Capability.OutboundRouteFiltering _,
          Capability.Bgpsec _,
          Capability.MultipleLabels _,
          Capability.BgpRole _,
          Capability.DynamicCapability _,
          Capability.Multisession _,
          Capability.LongLivedGracefulRestart _,
          Capability.BfdStrict _,
          Capability.SoftwareVersion _,
          Capability.PathsLimit _,
          Capability.LinkLocalNextHop _ ->
          true;
      case Capability.Multiprotocol _,
          Capability.RouteRefreshCapability _,
          Capability.EnhancedRouteRefresh _,
          Capability.ExtendedMessage _,
          Capability.FourOctetAs _,
          Capability.AddPath _,
          Capability.ExtendedNextHop _,
          Capability.GracefulRestart _,
          Capability.Fqdn _,
          Capability.UnknownCapability _ ->
          false;
    };
  }

  private static @Nullable String other(Open open, CapabilityCode code) {
    for (Capability capability : open.capabilities()) {
      if (capability.code().equals(code) && hasNoRow(capability)) {
        String details = capability.toString().substring(code.toString().length()).strip();
        return details.isEmpty() ? "yes" : details;
      }
    }
    return null;
  }

  private static void unknown(List<Row> rows, Open open, boolean ours) {
    for (Capability capability : open.capabilities()) {
      if (capability instanceof Capability.UnknownCapability(CapabilityCode code, Octets value)) {
        String text = "code " + code.code() + ", " + Text.count(value.length(), "octet");
        rows.add(
            new Row(
                code instanceof CapabilityCode.Unknown ? "Unknown capability" : code.toString(),
                ours ? text : null,
                ours ? null : text,
                new Mark("finding", "not understood, kept"),
                spaced(value)));
      }
    }
  }

  /// `00 01 00 40`, the beginning of it if it is long.
  private static String spaced(Octets value) {
    String hex = value.toHex().toLowerCase(Locale.ROOT);
    String shown = hex.length() > 48 ? hex.substring(0, 48) : hex;
    return shown.replaceAll("..(?=.)", "$0 ") + (hex.length() > 48 ? " …" : "");
  }

  private static String list(Collection<Family> families) {
    return families.stream().map(OpenTable::family).sorted().collect(Collectors.joining(", "));
  }

  private static String family(Family family) {
    return Text.family(family.toString());
  }
}
