package org.bgppeer.web;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bgppeer.journal.JournalGap;
import org.bgppeer.store.CountPoint;
import org.bgppeer.store.DiffPage;
import org.bgppeer.store.DiffQuery;
import org.bgppeer.store.DiffRow;
import org.bgppeer.store.EventRow;
import org.bgppeer.store.Follower;
import org.bgppeer.store.Health;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.NeighborRow.FamilyCount;
import org.bgppeer.store.NeighborRow.SessionState;
import org.bgppeer.store.PacketList;
import org.bgppeer.store.PacketQuery;
import org.bgppeer.store.PacketRow;
import org.bgppeer.store.PrefixRow;
import org.bgppeer.store.Queries;
import org.bgppeer.store.RoutePage;
import org.bgppeer.store.RouteQuery;
import org.bgppeer.store.RouteRow;
import org.bgppeer.store.SessionRow;
import org.bgppeer.store.TableQuery;
import org.bgppeer.store.TableSink;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// A database in memory with one night in it, the one that the pages were designed with. It is
/// 2026-03-17 03:41:20 UTC. Baltic Backbone went silent, its hold timer ran out at 03:12:07; core1
/// and core2 withdrew path 2 two seconds later; Meridian prepended at 03:12:31; rs2 is stale since
/// 03:40:02; one COMMUNITIES was malformed at 03:09:44. Every state is there once.
///
/// The lists can be added to: they are what the methods read.
class StoryQueries implements Queries {
  static final Instant NOW = Instant.parse("2026-03-17T03:41:20Z");

  static final String BALTIC_WHY = "We heard nothing for 90 s and closed the session (4/0).";

  /// Our OPEN: AS64496, hold time 180 s, all that a collector offers.
  static final Octets OUR_OPEN =
      open(
          "04fbf000b4c00002fa",
          "010400010001"
              + "010400020001"
              + "0200"
              + "4600"
              + "41040000fbf0"
              + "4508"
              + "0001010100020101"
              + "0600"
              + "050600010001"
              + "0002"
              + "4002"
              + "0000");

  /// Baltic's OPEN: AS64501, hold time 90 s, graceful restart 120 s, and one capability that nobody
  /// knows.
  static final Octets BALTIC_OPEN =
      open(
          "04fbf5005acb007109",
          "010400010001"
              + "010400020001"
              + "0200"
              + "41040000fbf5"
              + "4006007800010180"
              + "830400010040");

  final List<NeighborRow> neighbors = new ArrayList<>();
  final List<SessionRow> sessions = new ArrayList<>();
  final List<EventRow> events = new ArrayList<>();
  final List<PacketRow> packets = new ArrayList<>();

  /// Current versions.
  final List<RouteRow> routes = new ArrayList<>();

  /// Where the journal has gaps, and how often that was asked.
  final List<JournalGap> gaps = new ArrayList<>();

  int gapsAsked;

  /// How far the search of packets looked before it ended; null if it looked at all.
  PacketList.@Nullable Place looked;

  /// Current versions of routes that are not just a prefix.
  final List<RouteRow> others = new ArrayList<>();

  /// Former versions.
  final List<RouteRow> former = new ArrayList<>();

  Health health = new Health(at("03:41:19.700"), at("03:41:19"), 0.4, 1_204_000_000);

  /// The disk of the journal.
  Room room = new Room(412_000_000_000L, 1_100_000_000_000L, 1_900_000_000_000L);

  /// Nothing yet.
  static StoryQueries empty() {
    return new StoryQueries();
  }

  /// The whole night.
  static StoryQueries night() {
    var story = new StoryQueries();
    story.addNeighbors();
    story.addEvents();
    story.addRoutes();
    story.addPackets();
    return story;
  }

  /// A time of the night: `03:12:07`.
  static Instant at(String time) {
    return Instant.parse("2026-03-17T" + time + "Z");
  }

  private static Instant on(String dayAndTime) {
    return Instant.parse(dayAndTime.replace(' ', 'T') + "Z");
  }

  private void addNeighbors() {
    long baltic = 1;
    session(
        baltic,
        "Baltic Backbone",
        1,
        "2025-08-01 00:04:10",
        "2026-02-20 22:31:50",
        "NOTIFICATION_RECEIVED",
        "Their operator shut it down: “renumbering to 203.0.113.9” (6/2).",
        91L);
    session(
        baltic,
        "Baltic Backbone",
        2,
        "2026-02-20 22:40:19",
        "2026-03-09 09:10:40",
        "NOTIFICATION_RECEIVED",
        "Their operator reset the session (6/4).",
        92L);
    session(
        baltic,
        "Baltic Backbone",
        3,
        "2026-03-09 09:11:03",
        "2026-03-11 01:15:20",
        "COLLECTOR_STOPPED",
        "This collector was stopped by its operator.",
        null);
    session(
        baltic,
        "Baltic Backbone",
        4,
        "2026-03-11 01:22:52",
        "2026-03-12 14:02:14",
        "CONNECTION_RESET",
        "Connection dropped, no reason given.",
        null);
    SessionRow last =
        session(
            baltic,
            "Baltic Backbone",
            5,
            "2026-03-12 14:02:51",
            "2026-03-17 03:12:07",
            "HOLD_TIMER_EXPIRED",
            BALTIC_WHY,
            212_480_117L);
    neighbor(
        baltic,
        "Baltic Backbone",
        "203.0.113.9",
        64501,
        SessionState.DOWN,
        at("03:12:07"),
        BALTIC_WHY,
        last,
        new FamilyCount("ipv4-unicast", 0, 0, 1_011_233, at("03:12:07")),
        new FamilyCount("ipv6-unicast", 0, 0, 30_412, at("03:12:07")));

    neighbor(
        2,
        "Fjord Hosting",
        "192.0.2.130",
        65551,
        SessionState.DOWN,
        on("2026-03-16 18:20:11"),
        "Their operator shut it down: “maintenance until 05:00, ticket 4711” (6/2).",
        session(
            2,
            "Fjord Hosting",
            1,
            "2026-03-10 10:00:00",
            "2026-03-16 18:20:11",
            "NOTIFICATION_RECEIVED",
            "Their operator shut it down: “maintenance until 05:00, ticket 4711” (6/2).",
            93L),
        new FamilyCount("ipv4-unicast", 0, 0, 412, on("2026-03-10 10:00:02")));
    neighbor(
        3,
        "Harbour IX rs2",
        "203.0.113.252",
        64505,
        SessionState.STALE,
        at("03:40:02"),
        "This collector was cut off; the end is inferred from the last packet.",
        session(
            3,
            "Harbour IX rs2",
            1,
            "2026-03-11 01:23:00",
            "2026-03-17 03:40:02",
            "COLLECTOR_CRASHED",
            "This collector was cut off; the end is inferred from the last packet.",
            null),
        new FamilyCount("ipv4-unicast", 130_002, 130_002, 2_100, at("00:00:09")),
        new FamilyCount("ipv6-unicast", 38_188, 38_188, 771, at("00:00:09")));
    neighbor(
        9,
        "Lab RouterOS",
        "192.0.2.77",
        65540,
        SessionState.CONNECTING,
        on("2026-03-14 03:30:00"),
        "192.0.2.77 refuses the connection.",
        null);
    up(
        4,
        "Northwind Transit",
        "192.0.2.1",
        64500,
        "2026-03-11 01:22:55",
        new FamilyCount("ipv4-unicast", 1_012_884, 0, 18_204, on("2026-03-11 01:23:50")));
    up(
        5,
        "Northwind Transit v6",
        "2001:db8:64:500::1",
        64500,
        "2026-03-11 01:22:55",
        new FamilyCount("ipv6-unicast", 228_417, 0, 6_120, on("2026-03-11 01:23:40")));
    session(
        6,
        "Harbour IX rs1",
        1,
        "2026-03-11 01:22:58",
        "2026-03-16 13:20:02",
        "CONNECTION_CLOSED",
        "Connection dropped, no reason given.",
        null);
    up(
        6,
        "Harbour IX rs1",
        "203.0.113.251",
        64505,
        "2026-03-16 13:22:01",
        new FamilyCount("ipv4-unicast", 130_010, 0, 2_150, on("2026-03-16 13:22:30")),
        new FamilyCount("ipv6-unicast", 38_194, 0, 754, on("2026-03-16 13:22:30")));
    up(
        7,
        "core1.fra",
        "2001:db8:ffff::11",
        64496,
        "2026-03-11 01:22:54",
        new FamilyCount("ipv4-unicast", 2_011_006, 0, 30_118, on("2026-03-11 01:25:00")),
        new FamilyCount("ipv6-unicast", 280_000, 0, 10_000, on("2026-03-11 01:25:00")));
    session(
        8,
        "core2.fra",
        1,
        "2026-03-11 01:22:54",
        "2026-03-17 00:53:19",
        "CONNECTION_CLOSED",
        "Connection dropped, no reason given.",
        null);
    neighbor(
        8,
        "core2.fra",
        "2001:db8:ffff::12",
        64496,
        SessionState.RECEIVING,
        at("00:54:20"),
        "Their table is still coming in.",
        session(8, "core2.fra", 2, "2026-03-17 00:54:20", null, null, null, null),
        new FamilyCount("ipv4-unicast", 2_010_871, 0, 29_870, at("00:58:03")),
        new FamilyCount("ipv6-unicast", 280_000, 0, 10_000, null));
    neighbors.sort(
        Comparator.comparingInt(
                (NeighborRow n) ->
                    switch (n.state()) {
                      case DOWN -> 0;
                      case STALE -> 1;
                      case CONNECTING -> 2;
                      case RECEIVING -> 3;
                      case UP -> 4;
                      case IMPORTED -> 5;
                    })
            .thenComparing(NeighborRow::name));
  }

  private void up(
      long id, String name, String address, long as, String since, FamilyCount... holds) {
    neighbor(
        id,
        name,
        address,
        as,
        SessionState.UP,
        on(since),
        "",
        session(
            id,
            name,
            1 + (int) sessions.stream().filter(s -> s.neighborId() == id).count(),
            since,
            null,
            null,
            null,
            null),
        holds);
  }

  /// Adds a neighbor.
  void neighbor(
      long id,
      String name,
      String address,
      long as,
      SessionState state,
      Instant since,
      String why,
      @Nullable SessionRow session,
      FamilyCount... holds) {
    neighbors.add(
        new NeighborRow(
            id,
            name,
            "live",
            address,
            as,
            "",
            state,
            since,
            why,
            session,
            List.of(holds),
            session == null ? null : state == SessionState.DOWN ? since : NOW));
  }

  /// Adds a session.
  SessionRow session(
      long neighborId,
      String neighbor,
      int generation,
      String upAt,
      @Nullable String downAt,
      @Nullable String cause,
      @Nullable String why,
      @Nullable Long notification) {
    var row =
        new SessionRow(
            sessions.size() + 1,
            neighborId,
            neighbor,
            generation,
            "192.0.2.250",
            on(upAt),
            downAt == null ? null : on(downAt),
            cause,
            why,
            notification,
            OUR_OPEN,
            BALTIC_OPEN,
            4_164_902);
    sessions.add(row);
    return row;
  }

  private void addEvents() {
    event(
        "2026-03-16 18:20:11",
        "Fjord Hosting",
        "192.0.2.130",
        "down",
        "NOTIFICATION_RECEIVED",
        "Their operator shut it down: “maintenance until 05:00, ticket 4711” (6/2).",
        93L,
        1);
    event(
        "2026-03-17 00:53:19",
        "core2.fra",
        "2001:db8:ffff::12",
        "down",
        "CONNECTION_CLOSED",
        "Connection dropped, no reason given.",
        null,
        1);
    event(
        "2026-03-17 00:54:20",
        "core2.fra",
        "2001:db8:ffff::12",
        "up",
        null,
        "The session is up.",
        null,
        1);
    event(
        "2026-03-17 03:11:00",
        null,
        "198.51.100.99",
        "rejected",
        "NOT_CONFIGURED",
        "Nobody with this address is configured; they said AS64999.",
        94L,
        4);
    event(
        "2026-03-17 03:12:07",
        "Baltic Backbone",
        "203.0.113.9",
        "down",
        "HOLD_TIMER_EXPIRED",
        BALTIC_WHY,
        212_480_117L,
        1);
    event(
        "2026-03-17 03:20:00",
        "Lab RouterOS",
        "192.0.2.77",
        "failed",
        "CONNECTION_REFUSED",
        "192.0.2.77 refuses the connection.",
        null,
        212);
    event(
        "2026-03-17 03:40:02",
        "Harbour IX rs2",
        "203.0.113.252",
        "down",
        "COLLECTOR_CRASHED",
        "This collector was cut off; the end is inferred from the last packet.",
        null,
        1);
  }

  /// Adds a line of the session log.
  void event(
      String at,
      @Nullable String neighbor,
      String address,
      String kind,
      @Nullable String cause,
      String why,
      @Nullable Long packet,
      int times) {
    events.add(
        new EventRow(
            events.size() + 1,
            on(at),
            neighbor,
            address,
            kind,
            cause,
            why,
            packet,
            times,
            times == 1 ? on(at) : NOW.minusSeconds(11)));
  }

  private void addRoutes() {
    String p = "198.51.100.0/24";
    add(
        route(
            "Northwind Transit",
            p,
            null,
            "64500 64502 64511",
            "192.0.2.1",
            20L,
            null,
            "64500:200 64500:3100",
            "",
            "2026-03-17 01:38:12"));
    add(
        route(
            "Harbour IX rs1",
            p,
            null,
            "64502 64511 64511 64511",
            "203.0.113.30",
            null,
            null,
            "64502:110 64502:3005",
            "64505:64502:1",
            "2026-03-17 03:12:31"));
    former.add(
        ended(
            route(
                "Harbour IX rs1",
                p,
                null,
                "64502 64511",
                "203.0.113.30",
                null,
                null,
                "64502:110 64502:3000",
                "64505:64502:1",
                "2026-03-17 01:02:40"),
            "replaced",
            false,
            "Replaced by another version.",
            "03:12:31",
            212_480_130L));
    add(
        route(
            "core1.fra",
            p,
            1L,
            "64500 64502 64511",
            "192.0.2.1",
            null,
            200L,
            "64496:10 64500:200",
            "",
            "2026-03-17 01:38:12"));
    add(
        route(
            "core2.fra",
            p,
            1L,
            "64500 64502 64511",
            "192.0.2.1",
            null,
            200L,
            "64496:10 64500:200",
            "",
            "2026-03-17 01:38:13"));
    add(
        stale(
            route(
                "Harbour IX rs2",
                p,
                null,
                "64502 64511",
                "203.0.113.30",
                null,
                null,
                "",
                "64505:64502:1",
                "2026-03-17 01:02:41")));
    add(
        ended(
            route(
                "Baltic Backbone",
                p,
                null,
                "64501 64504 64511",
                "203.0.113.9",
                0L,
                null,
                "64501:500",
                "64501:1:40",
                "2026-03-12 14:03:10"),
            "session-down",
            false,
            BALTIC_WHY,
            "03:12:07",
            212_480_117L));
    for (String core : List.of("core1.fra", "core2.fra")) {
      add(
          ended(
              route(
                  core,
                  p,
                  2L,
                  "64501 64504 64511",
                  "203.0.113.9",
                  null,
                  150L,
                  "64496:20 64501:500",
                  "",
                  "2026-03-17 01:02:40"),
              "withdrawn",
              false,
              "The neighbor withdrew it.",
              "03:12:09",
              212_480_121L));
    }
    add(
        ended(
            route(
                "Lab RouterOS",
                p,
                null,
                "65540 64510 64511",
                "192.0.2.77",
                null,
                null,
                "",
                "",
                "2026-03-10 00:00:00"),
            "not-resent-before-End-of-RIB",
            true,
            "Not sent again after the restart; the end is inferred.",
            "00:30:00",
            null));
    String[][] balticOnly = {
      {"192.0.2.128/25", "64501 64508", "session-down"},
      {"192.0.2.192/27", "64501 64504 64508 64508", "session-down"},
      {"192.0.2.224/28", "64501 64508", "withdrawn"},
      {"198.51.100.0/25", "64501 64504 64511", "session-down"},
      {"198.51.100.64/26", "64501 64504 64511", "treat-as-withdraw"},
      {"198.51.100.128/25", "64501 64504 {64509 64511}", "treat-as-withdraw"},
      {"203.0.113.64/26", "64501 64503", "session-down"},
      {"2001:db8:7:40::/60", "64501 65536 65537", "session-down"},
      {"2001:db8:a200::/40", "64501 65536", "session-down"},
    };
    for (String[] each : balticOnly) {
      String when = each[2].equals("session-down") ? "03:12:07" : "03:09:44";
      String why =
          switch (each[2]) {
            case "session-down" -> BALTIC_WHY;
            case "withdrawn" -> "The neighbor withdrew it.";
            default -> "COMMUNITIES has 6 octets, not a multiple of 4; treated as withdrawn.";
          };
      add(
          ended(
              route(
                  "Baltic Backbone",
                  each[0],
                  null,
                  each[1],
                  "203.0.113.9",
                  null,
                  null,
                  "64501:500",
                  "",
                  "2026-03-12 14:03:10"),
              each[2],
              false,
              why,
              when,
              212_480_093L));
    }
    add(
        route(
            "Northwind Transit",
            "192.0.2.192/27",
            null,
            "64500 64508",
            "192.0.2.1",
            null,
            null,
            "",
            "",
            "2026-03-17 03:41:09"));
    add(
        route(
            "Northwind Transit",
            "198.51.100.0/25",
            null,
            "64500 64502 64511",
            "192.0.2.1",
            null,
            null,
            "",
            "",
            "2026-03-12 14:03:10"));
    add(
        route(
            "Northwind Transit",
            "0.0.0.0/0",
            null,
            "64500",
            "192.0.2.1",
            null,
            null,
            "no-export",
            "",
            "2026-03-12 14:03:10"));
    add(
        route(
            "Northwind Transit v6",
            "2001:db8:a200::/40",
            null,
            "64500 65536",
            "2001:db8:64:500::1 fe80::1",
            null,
            null,
            "",
            "",
            "2026-03-17 03:41:16"));
  }

  private void add(RouteRow row) {
    routes.add(row);
  }

  /// An active route; its neighbor has to be there.
  RouteRow route(
      String neighbor,
      String prefix,
      @Nullable Long pathId,
      String asPath,
      String nextHop,
      @Nullable Long med,
      @Nullable Long localPref,
      String communities,
      String largeCommunities,
      String since) {
    NeighborRow row = neighbor(neighbor).orElseThrow();
    String last = asPath.substring(asPath.lastIndexOf(' ') + 1);
    return new RouteRow(
        neighbor,
        row.address(),
        row.as(),
        prefix.contains(":") ? "ipv6-unicast" : "ipv4-unicast",
        prefix,
        "",
        pathId,
        nextHop,
        true,
        false,
        null,
        false,
        "",
        "IGP",
        asPath,
        Visit.readAs(last).orElse(null),
        med,
        localPref,
        communities,
        largeCommunities,
        "",
        false,
        null,
        "",
        on(since),
        null,
        on("2025-08-01 00:04:10"),
        on(since),
        212_480_093L,
        null);
  }

  /// The same, stale.
  static RouteRow stale(RouteRow r) {
    return new RouteRow(
        r.neighbor(),
        r.neighborAddress(),
        r.neighborAs(),
        r.family(),
        r.prefix(),
        r.details(),
        r.pathId(),
        r.nextHop(),
        true,
        true,
        null,
        false,
        "",
        r.origin(),
        r.asPath(),
        r.originAs(),
        r.med(),
        r.localPref(),
        r.communities(),
        r.largeCommunities(),
        r.extCommunities(),
        false,
        null,
        "",
        r.validFrom(),
        null,
        r.firstSeen(),
        r.lastChanged(),
        r.packet(),
        null);
  }

  /// The same, ended.
  static RouteRow ended(
      RouteRow r,
      String reason,
      boolean inferred,
      String why,
      String time,
      @Nullable Long endPacket) {
    return new RouteRow(
        r.neighbor(),
        r.neighborAddress(),
        r.neighborAs(),
        r.family(),
        r.prefix(),
        r.details(),
        r.pathId(),
        r.nextHop(),
        false,
        false,
        reason,
        inferred,
        why,
        r.origin(),
        r.asPath(),
        r.originAs(),
        r.med(),
        r.localPref(),
        r.communities(),
        r.largeCommunities(),
        r.extCommunities(),
        false,
        null,
        "",
        r.validFrom(),
        at(time),
        r.firstSeen(),
        at(time),
        r.packet(),
        endPacket);
  }

  private void addPackets() {
    packet(91, "2026-02-20 22:31:50", "Baltic Backbone", false, message(3, "0602"), null);
    packet(92, "2026-03-09 09:10:40", "Baltic Backbone", false, message(3, "0604"), null);
    packet(
        93,
        "2026-03-16 18:20:11",
        "Fjord Hosting",
        false,
        message(3, "0602" + "26" + hex("maintenance until 05:00, ticket 4711  ")),
        null);
    packet(94, "2026-03-17 03:11:00", "Baltic Backbone", true, message(3, "0605"), null);
    packet(212_480_090, "2026-03-12 14:02:50", "Baltic Backbone", true, OUR_OPEN, null);
    packet(212_480_091, "2026-03-12 14:02:50.4", "Baltic Backbone", false, BALTIC_OPEN, null);
    packet(
        212_480_093,
        "2026-03-17 03:09:44.118",
        "Baltic Backbone",
        false,
        message(
            2,
            "00000025"
                + "40010100"
                + "40020e0203"
                + "0000fbf50000fbf80000fbff"
                + "400304cb007109"
                + "c00806fbf501f4fbf5"
                + "1ac6336440"
                + "19c6336480"),
        "COMMUNITIES has 6 octets, not a multiple of 4; treated as withdrawn (RFC 7606 7.8).");
    packet(212_480_110, "2026-03-17 03:10:37.380", "Baltic Backbone", false, message(4, ""), null);
    packet(
        212_480_117, "2026-03-17 03:12:07.481", "Baltic Backbone", true, message(3, "0400"), null);
    packets.add(
        new PacketRow(
            212_480_121,
            on("2026-03-17 03:12:09.002"),
            "core1.fra",
            false,
            2,
            message(2, "0008" + "00000002" + "18c63364" + "0000"),
            DecodeContext.AS4.withAddPath(Set.of(Family.IPV4_UNICAST)),
            null,
            "updates.20260317.0310",
            80_121));
    packet(
        212_480_130,
        "2026-03-17 03:12:31.220",
        "Harbour IX rs1",
        false,
        message(
            2,
            "0000002b"
                + "40010100"
                + "400212"
                + "0204"
                + "0000fbf60000fbff0000fbff0000fbff"
                + "400304cb00711e"
                + "c00808fbf6006efbf60bbd"
                + "18c63364"),
        null);
  }

  /// Adds a packet.
  void packet(
      long id, String at, String neighbor, boolean sent, Octets message, @Nullable String finding) {
    packets.add(
        new PacketRow(
            id,
            on(at),
            neighbor,
            sent,
            message.u8(18),
            message,
            DecodeContext.AS4,
            finding,
            "updates.20260317.0310",
            id % 100_000));
  }

  /// A message of this type with its header.
  static Octets message(int type, String bodyHex) {
    int length = 19 + bodyHex.length() / 2;
    return Octets.ofHex("ff".repeat(16) + String.format("%04x%02x", length, type) + bodyHex);
  }

  private static Octets open(String fixed, String capabilities) {
    int length = capabilities.length() / 2;
    return message(1, fixed + String.format("%02x02%02x", length + 2, length) + capabilities);
  }

  private static String hex(String text) {
    return text.chars().mapToObj(c -> String.format("%02x", c)).collect(Collectors.joining());
  }

  @Override
  public List<NeighborRow> neighbors() {
    return List.copyOf(neighbors);
  }

  @Override
  public List<NeighborRow> neighbors(Instant at) {
    return neighbors;
  }

  @Override
  public Instant oldest() {
    return Instant.parse("2025-01-01T00:00:00Z");
  }

  @Override
  public DiffPage diff(DiffQuery query) {
    List<RouteRow> b = matching(query.b());
    return new DiffPage(
        matching(query.a()).stream()
            .filter(left -> b.stream().noneMatch(right -> right.prefix().equals(left.prefix())))
            .map(left -> new DiffRow(left.family(), left.prefix(), left, null, List.of()))
            .limit(query.limit())
            .toList(),
        null);
  }

  @Override
  public Optional<NeighborRow> neighbor(String name) {
    return neighbors.stream().filter(n -> n.name().equals(name)).findFirst();
  }

  @Override
  public List<SessionRow> sessions(@Nullable String neighbor, @Nullable Long before, int limit) {
    return sessions.stream()
        .filter(s -> neighbor == null || s.neighbor().equals(neighbor))
        .filter(s -> before == null || s.id() < before)
        .sorted(Comparator.comparingLong(SessionRow::id).reversed())
        .limit(limit)
        .toList();
  }

  @Override
  public List<SessionRow> sessionsAt(@Nullable String neighbor, Instant at, int limit) {
    return sessions(neighbor, null, limit).stream()
        .filter(s -> !s.upAt().isAfter(at))
        .map(
            s ->
                s.downAt() == null || !s.downAt().isAfter(at)
                    ? s
                    : new SessionRow(
                        s.id(),
                        s.neighborId(),
                        s.neighbor(),
                        s.generation(),
                        s.localAddress(),
                        s.upAt(),
                        null,
                        null,
                        null,
                        null,
                        s.openSent(),
                        s.openReceived(),
                        s.updates()))
        .toList();
  }

  @Override
  public List<SessionRow> sessionsSince(Instant since, int limit) {
    return sessions(null, null, Integer.MAX_VALUE).stream()
        .filter(s -> s.downAt() == null || !s.downAt().isBefore(since))
        .limit(limit)
        .toList();
  }

  @Override
  public List<EventRow> events(
      @Nullable String neighbor, @Nullable Long before, @Nullable Instant until, int limit) {
    return events.stream()
        .filter(e -> until == null || !e.at().isAfter(until))
        .filter(e -> neighbor == null || neighbor.equals(e.neighbor()))
        .filter(e -> before == null || e.id() < before)
        .sorted(Comparator.comparingLong(EventRow::id).reversed())
        .limit(limit)
        .toList();
  }

  /// A sixth of it.
  @Override
  public List<CountPoint> counts(
      String neighbor, String family, Instant from, Instant to, Duration step) {
    return counts(neighbor, from, to, step).stream()
        .map(
            point ->
                new CountPoint(
                    point.at(), point.active() / 6, point.announced() / 6, point.withdrawn() / 6))
        .toList();
  }

  /// A calm hum with one peak behind 03:12; Baltic's table until then.
  @Override
  public List<CountPoint> counts(
      @Nullable String neighbor, Instant from, Instant to, Duration step) {
    var points = new ArrayList<CountPoint>();
    if (neighbors.isEmpty()) {
      return points;
    }
    long seconds = step.toSeconds();
    for (Instant at = from; at.isBefore(to); at = at.plus(step)) {
      double wave =
          10 + 3 * Math.sin(at.getEpochSecond() / 613.0) + 2 * Math.sin(at.getEpochSecond() / 97.0);
      long behind = Duration.between(at("03:12:07"), at).toSeconds();
      double peak = behind < 0 ? 0 : 46 * Math.exp(-behind / 240.0);
      boolean gone = behind >= 0;
      long active = neighbor == null ? 6_159_572 + (gone ? 0 : 1_041_233) : gone ? 0 : 1_041_233;
      boolean quiet = neighbor != null && gone;
      points.add(
          new CountPoint(
              at,
              active,
              quiet ? 0 : (long) (wave * seconds + peak * seconds),
              quiet ? 0 : (long) (wave / 4 * seconds + peak / 2 * seconds)));
    }
    return points;
  }

  @Override
  public Map<Long, Long> changesIn(Instant minute) {
    return Map.of(4L, 96L, 5L, 31L, 6L, 44L, 7L, 188L, 8L, 185L);
  }

  /// Northwind sent its table at the begin; those that are down sent nothing.
  @Override
  public Map<Long, long[]> changes(Instant from, Duration step, int steps) {
    var changes = new HashMap<Long, long[]>();
    for (long id = 4; id <= 8; id++) {
      var counts = new long[steps];
      for (int i = 0; i < steps; i++) {
        counts[i] = id == 4 && i == 2 ? 1_012_884 : 900 + 90 * ((i * 7 + id * 5) % 13);
      }
      changes.put(id, counts);
    }
    return changes;
  }

  @Override
  public RoutePage routes(RouteQuery query) {
    List<RouteRow> all =
        query.nlri() == null ? matching(query) : history(query.nlri(), Integer.MAX_VALUE);
    int start = 0;
    if (query.after() != null) {
      try {
        start = Integer.parseInt(query.after());
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("“" + query.after() + "” is no page key", e);
      }
    }
    int end = Math.min(all.size(), start + query.limit());
    return new RoutePage(
        all.subList(Math.min(start, end), end), end < all.size() ? Integer.toString(end) : null);
  }

  @Override
  public void eachRoute(RouteQuery query, Consumer<RouteRow> sink) {
    throw new UnsupportedOperationException("no page exports");
  }

  @Override
  public void table(TableQuery query, TableSink sink) {
    throw new UnsupportedOperationException("no page exports");
  }

  @Override
  public List<Follower> followers() {
    return List.of();
  }

  @Override
  public long count(RouteQuery query) {
    return matching(query).size();
  }

  private List<RouteRow> matching(RouteQuery q) {
    Prefix wanted = q.prefix();
    if (wanted != null && q.match() == RouteQuery.Match.LONGEST) {
      wanted = longestMatch(wanted).orElse(null);
      if (wanted == null) {
        return List.of();
      }
    }
    Prefix prefix = wanted;
    Pattern path = q.asPath() == null ? null : Pattern.compile(q.asPath());
    Predicate<RouteRow> filter =
        r ->
            (prefix == null || matches(q.match(), prefix, Prefix.parse(r.prefix())))
                && (q.neighbor() == null || q.neighbor().equals(r.neighbor()))
                && (q.family() == null || q.family().equals(r.family()))
                && (q.active() == null || q.active() == r.active())
                && (q.reason() == null || q.reason().equals(r.reason()))
                && (q.originAs() == null || q.originAs().equals(r.originAs()))
                && (path == null || path.matcher(r.asPath()).find())
                && (q.community() == null
                    || (" " + r.communities() + " " + r.largeCommunities() + " ")
                        .contains(" " + q.community() + " "))
                && (q.nextHop() == null || r.nextHop().startsWith(q.nextHop()));
    var source = new ArrayList<>(routes);
    if (q.at() != null) {
      Instant at = q.at();
      source.addAll(former);
      source.removeIf(
          r -> r.validFrom().isAfter(at) || (r.validTo() != null && !r.validTo().isAfter(at)));
      source.replaceAll(r -> r.active() ? r : revived(r));
    }
    return source.stream()
        .filter(filter)
        .sorted(
            Comparator.comparing(RouteRow::neighbor)
                .thenComparing(RouteRow::family)
                .thenComparing(r -> Prefix.parse(r.prefix())))
        .toList();
  }

  private static RouteRow revived(RouteRow r) {
    return new RouteRow(
        r.neighbor(),
        r.neighborAddress(),
        r.neighborAs(),
        r.family(),
        r.prefix(),
        r.details(),
        r.pathId(),
        r.nextHop(),
        true,
        false,
        null,
        false,
        "",
        r.origin(),
        r.asPath(),
        r.originAs(),
        r.med(),
        r.localPref(),
        r.communities(),
        r.largeCommunities(),
        r.extCommunities(),
        false,
        null,
        "",
        r.validFrom(),
        r.validTo(),
        r.firstSeen(),
        r.validFrom(),
        r.packet(),
        r.endPacket());
  }

  private static boolean matches(RouteQuery.Match how, Prefix wanted, Prefix have) {
    return switch (how) {
      case EXACT, LONGEST -> wanted.equals(have);
      case LONGER -> wanted.contains(have);
      case SHORTER -> have.contains(wanted);
    };
  }

  @Override
  public Optional<Prefix> longestMatch(Prefix address) {
    Comparator<RouteRow> longest =
        Comparator.comparing((RouteRow r) -> r.active())
            .thenComparingInt(r -> Prefix.parse(r.prefix()).length());
    return routes.stream()
        .filter(r -> Prefix.parse(r.prefix()).contains(address))
        .max(longest)
        .map(r -> Prefix.parse(r.prefix()));
  }

  @Override
  public List<PrefixRow> covering(Prefix prefix) {
    return prefixes(p -> p.contains(prefix) && !p.equals(prefix)).stream()
        .sorted(Comparator.comparingInt(r -> Prefix.parse(r.prefix()).length()))
        .toList();
  }

  @Override
  public List<PrefixRow> moreSpecific(Prefix prefix, @Nullable Prefix after, int limit) {
    return prefixes(p -> prefix.contains(p) && !p.equals(prefix) && behind(p, after)).stream()
        .limit(limit)
        .toList();
  }

  private static boolean behind(Prefix p, @Nullable Prefix after) {
    return after == null || p.compareTo(after) > 0;
  }

  private List<PrefixRow> prefixes(Predicate<Prefix> wanted) {
    return routes.stream()
        .map(r -> Prefix.parse(r.prefix()))
        .distinct()
        .filter(wanted)
        .sorted()
        .map(this::prefixRow)
        .toList();
  }

  private PrefixRow prefixRow(Prefix prefix) {
    var all = routes.stream().filter(r -> r.prefix().equals(prefix.toString())).toList();
    var active = all.stream().filter(RouteRow::active).toList();
    return new PrefixRow(
        all.getFirst().family(),
        prefix.toString(),
        active.stream()
            .flatMap(r -> Optional.ofNullable(r.originAs()).stream())
            .distinct()
            .sorted()
            .toList(),
        active.size(),
        all.size() - active.size(),
        (int) active.stream().map(RouteRow::neighbor).distinct().count());
  }

  @Override
  public List<RouteRow> history(String nlri, int limit) {
    return others.stream().filter(r -> r.prefix().equals(nlri)).limit(limit).toList();
  }

  @Override
  public List<RouteRow> history(Prefix prefix, int limit) {
    var all = new ArrayList<>(former);
    all.addAll(routes);
    return all.stream()
        .filter(r -> r.prefix().equals(prefix.toString()))
        .sorted(Comparator.comparing(RouteRow::validFrom))
        .limit(limit)
        .toList();
  }

  @Override
  public Originated originated(long as, @Nullable Prefix after, int limit) {
    var prefixes =
        routes.stream()
            .filter(r -> r.active() && Long.valueOf(as).equals(r.originAs()))
            .map(r -> Prefix.parse(r.prefix()))
            .distinct()
            .filter(p -> behind(p, after))
            .sorted()
            .toList();
    boolean more = prefixes.size() > limit;
    return new Originated(
        prefixes.stream().limit(limit).map(this::prefixRow).toList(),
        more ? prefixes.get(limit - 1) : null);
  }

  @Override
  public List<Span> heldEarlier(long as, Instant since, int limit) {
    return former.stream()
        .filter(r -> Long.valueOf(as).equals(r.originAs()))
        .map(r -> new Span(r.validFrom(), r.validTo()))
        .limit(limit)
        .toList();
  }

  @Override
  public List<JournalGap> gaps() {
    gapsAsked++;
    return gaps;
  }

  @Override
  public @Nullable Room room() {
    return room;
  }

  @Override
  public List<Changes> mostChanging(Instant since, @Nullable Instant until, int limit) {
    if (routes.isEmpty()) {
      return List.of();
    }
    return List.of(
            new Changes("ipv6-unicast", "2001:db8:a200::/40", 1_204),
            new Changes("ipv4-unicast", "192.0.2.192/27", 866),
            new Changes("ipv4-unicast", "198.51.100.128/25", 412),
            new Changes("ipv4-unicast", "198.51.100.0/24", 9))
        .stream()
        .limit(limit)
        .toList();
  }

  @Override
  public PacketList packetList(PacketQuery q) {
    Comparator<PacketRow> byId = Comparator.comparingLong(PacketRow::id);
    return new PacketList(
        packets.stream()
            .filter(p -> q.neighbor() == null || p.neighbor().equals(q.neighbor()))
            .filter(p -> q.type() == null || p.type() == q.type())
            .filter(p -> !q.findings() || p.finding() != null)
            .filter(
                p -> q.prefix() == null || PacketSummary.of(p).words().contains("" + q.prefix()))
            .filter(p -> q.since() == null || !p.at().isBefore(q.since()))
            .filter(p -> q.until() == null || !p.at().isAfter(q.until()))
            .filter(p -> q.before() == null || p.id() < q.before())
            .filter(p -> q.after() == null || p.id() > q.after())
            .sorted(q.after() == null ? byId.reversed() : byId)
            .limit(q.limit())
            .toList(),
        looked);
  }

  @Override
  public Optional<PacketRow> packet(long id) {
    return packets.stream().filter(p -> p.id() == id).findFirst();
  }

  @Override
  public List<Findings> findings(Instant since, @Nullable Instant until) {
    var byNeighbor = new LinkedHashMap<String, Findings>();
    packets(new PacketQuery(null, null, true, since, until, null, null, Integer.MAX_VALUE))
        .forEach(
            p ->
                byNeighbor.merge(
                    p.neighbor(),
                    new Findings(p.neighbor(), 1, p.id(), p.at(), String.valueOf(p.finding())),
                    (newest, older) ->
                        new Findings(
                            newest.neighbor(),
                            newest.packets() + 1,
                            newest.packet(),
                            newest.at(),
                            newest.reason())));
    return List.copyOf(byNeighbor.values());
  }

  @Override
  public Health health() {
    return health;
  }
}
