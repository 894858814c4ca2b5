package org.bgppeer.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bgppeer.journal.Position;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.ErrorHandling;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Finding;
import org.bgppeer.wire.Kept;
import org.bgppeer.wire.Message;
import org.bgppeer.wire.MessageError;
import org.bgppeer.wire.MessageType;
import org.bgppeer.wire.MrtError;
import org.bgppeer.wire.MrtRecord;
import org.bgppeer.wire.Negotiated;
import org.bgppeer.wire.NlriBlock;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.OnlyToCustomer;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.OpenError;
import org.bgppeer.wire.PeerIndex;
import org.bgppeer.wire.RibRoute;
import org.bgppeer.wire.RouteRefresh;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.SessionWords;
import org.bgppeer.wire.StateReason;
import org.bgppeer.wire.StateReasons;
import org.bgppeer.wire.Update;
import org.jspecify.annotations.Nullable;

/// Turns the records of the journal, in their order, into the steps of a [Batch]. It knows who the
/// neighbors are and where their sessions stand; it writes nothing itself. Given the same journal
/// it makes the same steps: it reads no clock, all times are those of the records.
final class Projection {
  private static final int IDLE = 1;
  private static final int ESTABLISHED = 6;
  private static final long SECOND = 1_000_000L;

  /// How long the routes of an interrupted session are kept as stale for a neighbor that does not
  /// come back: time of the records, counted from the first one after the interruption.
  static final long STALE_TIME = 600 * SECOND;

  /// A neighbor that says nothing of graceful restart may never send End-of-RIB (RFC 4724 section 2
  /// makes it part of that). Its initial table is over at the first KEEPALIVE after this silence.
  static final long QUIET_WITHOUT_END_OF_RIB = 60 * SECOND;

  /// The same for a neighbor that should have sent End-of-RIB.
  static final long QUIET_WITH_END_OF_RIB = 300 * SECOND;

  /// How long a neighbor may take to send its routes of a family again, once it has begun to: then
  /// what it has not sent is gone, as RFC 7313 section 4 allows.
  static final long REFRESH_TIME = 1800 * SECOND;

  /// What a neighbor announces in this time of a session, and before its End-of-RIB, is its table
  /// that comes in; what comes later is change.
  private static final long TABLE_TIME = 600 * SECOND;

  static final String CONNECTING = "connecting";
  static final String UP = "up";
  static final String DOWN = "down";
  static final String STALE = "stale";
  static final String IMPORTED = "imported";

  private final String source;
  private final AttributeSets attributeSets;
  private final StateReasons reasons = new StateReasons();
  private final Map<Peer, Neighbor> neighbors = new HashMap<>();

  /// Those of several with one address and AS that are told by our end of their sessions, too.
  private final Map<LocalPeer, Neighbor> apart = new HashMap<>();

  private final Set<String> names = new HashSet<>();
  private final Set<Neighbor> touched = new LinkedHashSet<>();
  private final Set<Neighbor> interrupted = new LinkedHashSet<>();
  private final Set<Neighbor> restarting = new LinkedHashSet<>();

  /// Interrupted ones whose time begins with the next record.
  private final List<Neighbor> unwatched = new ArrayList<>();

  /// Until then the time of nobody interrupted or restarting is over.
  private long nextExpiry = Long.MAX_VALUE;

  /// The position behind the record that is read.
  private Position behind = Position.BEGINNING;

  private final byte[] key = new byte[17];
  private int nextNeighbor;
  private long nextSession;
  private long nextEvent;

  /// A neighbor's address as octets, and its AS.
  private record Peer(Octets address, long as) {
    /// Asked for each message: what a record has by itself is slow until it is compiled well.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Peer peer && as == peer.as && address.equals(peer.address);
    }

    @Override
    public int hashCode() {
      return 31 * address.hashCode() + Long.hashCode(as);
    }
  }

  private record LocalPeer(Peer peer, Octets local) {}

  /// @param database for reading only
  /// @param source `live`, or the name of an archive
  Projection(Connection database, String source) throws SQLException {
    this.source = source;
    attributeSets = new AttributeSets(database);
    try (var statement = database.createStatement()) {
      try (var row = statement.executeQuery("SELECT coalesce(max(id), 0) + 1 FROM neighbor")) {
        row.next();
        nextNeighbor = row.getInt(1);
      }
      try (var row = statement.executeQuery("SELECT coalesce(max(id), 0) + 1 FROM session")) {
        row.next();
        nextSession = row.getLong(1);
      }
      try (var row = statement.executeQuery("SELECT coalesce(max(id), 0) + 1 FROM event")) {
        row.next();
        nextEvent = row.getLong(1);
      }
      try (var rows = statement.executeQuery("SELECT name FROM neighbor")) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
    }
    try (var statement =
        database.prepareStatement(
            """
            SELECT n.id, n.name, n.address, n.as_number, n.state, n.generation, n.session_id,
              n.open_sent, n.open_received, n.stale_until, n.last_packet_at, s.updates,
              s.id IS NOT NULL AND s.down_at IS NULL, n.notification, n.notification_packet,
              n.last_update_at, n.known_at, n.kept, n.since, s.open_sent, s.open_received,
              n.ahead_segment, n.ahead_offset, n.local_address
            FROM neighbor n LEFT JOIN session s ON s.id = n.session_id WHERE n.source = ?\
            """)) {
      statement.setString(1, source);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          var neighbor = new Neighbor(rows.getInt(1), rows.getString(2), rows.getString(3));
          neighbor.state = rows.getString(5);
          neighbor.generation = rows.getInt(6);
          neighbor.newest = neighbor.generation;
          neighbor.session = rows.getLong(7);
          neighbor.openSent = octets(rows.getBytes(8));
          neighbor.openReceived = octets(rows.getBytes(9));
          neighbor.staleUntil = rows.getLong(10);
          neighbor.lastPacketAt = rows.getLong(11);
          neighbor.updates = rows.getLong(12);
          neighbor.up = rows.getBoolean(13);
          neighbor.said(octets(rows.getBytes(14)), rows.getLong(15));
          neighbor.lastUpdateAt = rows.getLong(16);
          neighbor.knownAt = rows.getLong(17);
          if (rows.getString(22) != null) {
            neighbor.ahead = new Position(rows.getString(22), rows.getLong(23));
          }
          if (neighbor.up) {
            neighbor.negotiate(octets(rows.getBytes(20)), octets(rows.getBytes(21)));
          } else if (rows.getString(18) != null) {
            neighbor.kept = Kept.parse(rows.getString(18));
            neighbor.keptSince = rows.getLong(19);
            restarts(neighbor);
          } else if (neighbor.state.equals(STALE)) {
            interrupted(neighbor);
          }
          var peer = new Peer(Octets.of(AddressText.parse(rows.getString(3))), rows.getLong(4));
          String local = rows.getString(24);
          if (local.isEmpty()) {
            neighbors.put(peer, neighbor);
          } else {
            apart.put(new LocalPeer(peer, Octets.of(AddressText.parse(local))), neighbor);
          }
        }
      }
    }
    var byId = new HashMap<Integer, Neighbor>();
    neighbors.values().forEach(neighbor -> byId.put(neighbor.id, neighbor));
    apart.values().forEach(neighbor -> byId.put(neighbor.id, neighbor));
    try (var statement = database.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT neighbor_id, family, end_of_rib_at IS NOT NULL FROM neighbor_family")) {
      while (rows.next()) {
        var neighbor = byId.get(rows.getInt(1));
        if (neighbor != null) { // or of another source
          neighbor.known.add(rows.getInt(2));
          if (rows.getBoolean(3)) {
            neighbor.ended.add(rows.getInt(2));
            neighbor.waiting.remove(rows.getInt(2));
          } else if (neighbor.up) {
            neighbor.waiting.add(rows.getInt(2));
          }
        }
      }
    }
    try (var statement = database.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT neighbor_id, family, generation, begun_at FROM route_refresh")) {
      while (rows.next()) {
        var neighbor = byId.get(rows.getInt(1));
        if (neighbor != null) {
          neighbor.refreshed(rows.getInt(2), rows.getInt(3), rows.getLong(4));
        }
      }
    }
  }

  private static @Nullable Octets octets(byte @Nullable [] bytes) {
    return bytes == null ? null : Octets.of(bytes);
  }

  /// The sets that were new since the last call: to be written before the batch.
  FreshSets takeFreshSets() {
    return attributeSets.takeFresh();
  }

  /// The sets by their numbers.
  AttributeSets attributeSets() {
    return attributeSets;
  }

  /// Removes sets that no route has any more.
  SetCollection setCollection() {
    return new SetCollection(attributeSets);
  }

  int freshSets() {
    return attributeSets.freshCount();
  }

  /// Reads one record into the batch.
  ///
  /// @param packet the number of the record's position
  /// @param peers whom routes of a table mean by a number; null if not known
  void read(MrtRecord record, long packet, Position behind, @Nullable PeerIndex peers, Batch batch)
      throws SQLException {
    var reason = reasons.of(record);
    if (record.isReason()) {
      return; // and not reached: whoever goes on from here shall read it before its state change
    }
    long at = micros(record);
    this.behind = behind;
    if (!unwatched.isEmpty()) {
      watchFrom(at, batch);
    }
    if (at >= nextExpiry) {
      expireInterrupted(at, batch);
      expireRestarting(at, batch);
      nextExpiry = Long.MAX_VALUE;
      interrupted.forEach(neighbor -> expiresAt(neighbor.staleUntil));
      restarting.forEach(neighbor -> expiresAt(neighbor.firstExpiry()));
    }
    if (record.isMessage()) {
      message(record, packet, at, batch);
    } else if (record.isStateChange()) {
      stateChange(record, reason, at, batch);
    } else if (RibRoute.isTable(record.array(), record.offset())) {
      table(record, packet, at, peers, batch);
    }
    batch.reached(behind, at);
  }

  /// Whether the tables have what this record says of a neighbor: it was written before a batch was
  /// cut off.
  private boolean isAhead(Neighbor neighbor) {
    return neighbor.ahead != null && behind.compareTo(neighbor.ahead) <= 0;
  }

  private static long micros(MrtRecord record) {
    return record.seconds() * SECOND + record.micros();
  }

  /// Adds what changed in each neighbor by being heard: the last thing before a batch is written.
  void finish(Batch batch) {
    for (var neighbor : touched) {
      long lastPacketAt = neighbor.lastPacketAt;
      long lastUpdateAt = neighbor.lastUpdateAt;
      long updates = neighbor.updates;
      long session = neighbor.session;
      int id = neighbor.id;
      batch.step(
          id,
          writer -> {
            writer.update(
                "UPDATE neighbor SET last_packet_at = ?, last_update_at = ? WHERE id = ?",
                lastPacketAt,
                lastUpdateAt,
                id);
            writer.update("UPDATE session SET updates = ? WHERE id = ?", updates, session);
          });
    }
    touched.clear();
  }

  private void message(MrtRecord record, long packet, long at, Batch batch) throws SQLException {
    if (record.peerAs() == 0 && source.equals(Database.LIVE)) {
      return; // a stranger, who is told to go: no neighbor has AS 0 (RFC 7607 section 2)
    }
    var neighbor = neighbor(record, "", at, batch);
    if (isAhead(neighbor)) {
      return;
    }
    int type = record.messageLength() > 18 ? record.array()[record.messageOffset() + 18] & 0xff : 0;
    if (!record.isLocal()) {
      neighbor.lastPacketAt = at;
      touched.add(neighbor);
    }
    switch (MessageType.of(type)) {
      case MessageType.Assigned assigned -> {
        switch (assigned) {
          case OPEN -> open(neighbor, record, batch);
          case UPDATE -> {
            if (!record.isLocal()) {
              update(neighbor, record, packet, at, batch);
            }
          }
          case NOTIFICATION -> notification(neighbor, record, packet, batch);
          case KEEPALIVE -> {
            if (!record.isLocal()) {
              keepalive(neighbor, at, batch);
            }
          }
          case ROUTE_REFRESH -> {
            if (!record.isLocal()) {
              refresh(neighbor, record, at, batch);
            }
          }
        }
      }
      case MessageType.Unknown _ -> {}
    }
  }

  private Neighbor neighbor(MrtRecord record, String name, long at, Batch batch) {
    var peer = new Peer(record.peerAddress(), record.peerAs());
    if (!apart.isEmpty()) {
      var one = apart.get(new LocalPeer(peer, record.localAddress()));
      if (one != null) {
        return one;
      }
    }
    return neighbor(peer, name, at, batch);
  }

  /// From here on the local address tells one from others with its address and AS. It may have been
  /// known by that name, without or by another one.
  private void toldApart(MrtRecord record, String name, long at, Batch batch) {
    var peer = new Peer(record.peerAddress(), record.peerAs());
    var key = new LocalPeer(peer, record.localAddress());
    if (apart.containsKey(key)) {
      return;
    }
    String local = AddressText.of(key.local);
    var alone = neighbors.get(peer);
    if (alone != null && alone.name.equals(name)) {
      neighbors.remove(peer);
    } else {
      alone =
          apart.entrySet().stream()
              .filter(other -> other.getKey().peer.equals(peer))
              .filter(other -> other.getValue().name.equals(name))
              .findFirst()
              .map(other -> apart.remove(other.getKey()))
              .orElse(null);
    }
    if (alone == null) {
      apart.put(key, add(peer, local, name, at, batch));
      return;
    }
    apart.put(key, alone);
    int id = alone.id;
    batch.step(
        id,
        writer -> writer.update("UPDATE neighbor SET local_address = ? WHERE id = ?", local, id));
  }

  private Neighbor neighbor(Peer peer, String name, long at, Batch batch) {
    var known = neighbors.get(peer);
    if (known != null) {
      if (at < known.knownAt) { // configured now, but the journal heard of it before
        known.knownAt = at;
        batch.step(
            known.id,
            writer -> writer.update("UPDATE neighbor SET known_at = ? WHERE id = ?", at, known.id));
      }
      return known;
    }
    var neighbor = add(peer, "", name, at, batch);
    neighbors.put(peer, neighbor);
    return neighbor;
  }

  private Neighbor add(Peer peer, String local, String name, long at, Batch batch) {
    String address = AddressText.of(peer.address);
    String unique = name.isEmpty() ? address : name;
    if (!names.add(unique)) {
      unique = unique + " AS" + peer.as;
      for (int i = 2; !names.add(unique); i++) {
        unique = address + " AS" + peer.as + " (" + i + ")";
      }
    }
    var neighbor = new Neighbor(nextNeighbor++, unique, address);
    String nameInDatabase = unique;
    boolean live = source.equals(Database.LIVE);
    String state = live ? CONNECTING : IMPORTED;
    neighbor.state = state;
    neighbor.knownAt = at;
    batch.step(
        neighbor.id,
        writer ->
            writer.update(
                """
                INSERT INTO neighbor (id, source, name, address, as_number, local_address, known_at,
                  configured, state, since, why, generation)
                VALUES (?, ?, ?, ?, ?, ?, ?, FALSE, ?, ?, '', 0)\
                """,
                neighbor.id,
                source,
                nameInDatabase,
                address,
                peer.as,
                local,
                at,
                state,
                at));
    return neighbor;
  }

  private void open(Neighbor neighbor, MrtRecord record, Batch batch) {
    byte[] octets =
        Arrays.copyOfRange(
            record.array(),
            record.messageOffset(),
            record.messageOffset() + record.messageLength());
    // If the session is up, this is of a second connection, and for the session that may become.
    if (record.isLocal()) {
      neighbor.openSent = Octets.of(octets);
    } else {
      neighbor.openReceived = Octets.of(octets);
    }
    String column = record.isLocal() ? "open_sent" : "open_received";
    batch.step(
        neighbor.id,
        writer ->
            writer.update(
                "UPDATE neighbor SET " + column + " = ? WHERE id = ?", octets, neighbor.id));
  }

  private static void notification(Neighbor neighbor, MrtRecord record, long packet, Batch batch) {
    var octets = Octets.copyOf(record.array(), record.messageOffset(), record.messageLength());
    neighbor.said(octets, packet);
    batch.step(
        neighbor.id,
        writer ->
            writer.update(
                "UPDATE neighbor SET notification = ?, notification_packet = ? WHERE id = ?",
                octets.toByteArray(),
                packet,
                neighbor.id));
  }

  /// The state changed: what was said belongs to that.
  private static void forgetNotification(Neighbor neighbor, Batch batch) {
    if (neighbor.notificationPacket != 0) {
      neighbor.said(null, 0);
      batch.step(
          neighbor.id,
          writer ->
              writer.update(
                  "UPDATE neighbor SET notification = NULL, notification_packet = NULL WHERE id ="
                      + " ?",
                  neighbor.id));
    }
  }

  private void keepalive(Neighbor neighbor, long at, Batch batch) {
    for (var begun : Map.copyOf(neighbor.refreshing).entrySet()) {
      if (at - begun.getValue() >= REFRESH_TIME) {
        refreshEnded(neighbor, begun.getKey(), at, batch);
      }
    }
    long quiet = neighbor.sendsEndOfRib ? QUIET_WITH_END_OF_RIB : QUIET_WITHOUT_END_OF_RIB;
    if (neighbor.up && !neighbor.waiting.isEmpty() && at - neighbor.lastUpdateAt >= quiet) {
      for (int family : Set.copyOf(neighbor.waiting)) {
        endOfRib(neighbor, family, at, batch);
      }
    }
  }

  private void endOfRib(Neighbor neighbor, int family, long at, Batch batch) {
    neighbor.known.add(family);
    if (neighbor.ended.add(family)) {
      neighbor.waiting.remove(family);
      int generation = neighbor.generation;
      batch.step(neighbor.id, writer -> writer.endOfRib(neighbor.id, family, generation, at));
    }
  }

  /// RFC 7313 section 4: what a neighbor says of a refresh counts if it said that it can, and
  /// behind the End-of-RIB if it is to send one.
  private void refresh(Neighbor neighbor, MrtRecord record, long at, Batch batch) {
    RouteRefresh message;
    try {
      if (!neighbor.up
          || !neighbor.refreshes
          || !(Message.decode(
                  record.array(), record.messageOffset(), record.messageLength(), DecodeContext.AS4)
              instanceof RouteRefresh decoded)) {
        return;
      }
      message = decoded;
    } catch (MessageError e) {
      return; // which ends the session
    }
    int family = message.family().code();
    boolean early = neighbor.sendsEndOfRib && !neighbor.ended.contains(family);
    if (message.subtype() == RouteRefresh.BEGIN && !early) {
      int generation = neighbor.newest + 1;
      neighbor.known.add(family);
      neighbor.refreshed(family, generation, at);
      batch.step(neighbor.id, writer -> writer.refreshBegan(neighbor.id, family, generation, at));
    } else if (message.subtype() == RouteRefresh.END && neighbor.refreshing.containsKey(family)) {
      refreshEnded(neighbor, family, at, batch);
    }
  }

  private static void refreshEnded(Neighbor neighbor, int family, long at, Batch batch) {
    neighbor.refreshing.remove(family);
    neighbor.ended.add(family);
    neighbor.waiting.remove(family);
    int generation = neighbor.generationOf(family);
    batch.step(neighbor.id, writer -> writer.refreshEnded(neighbor.id, family, generation, at));
  }

  private void update(Neighbor neighbor, MrtRecord record, long packet, long at, Batch batch)
      throws SQLException {
    if (!neighbor.up) {
      // An archive need not have the state changes.
      up(neighbor, AddressText.of(record.localAddress()), at, batch);
    }
    neighbor.updates++;
    neighbor.lastUpdateAt = at;
    var update =
        Update.decode(
            record.array(),
            record.messageOffset(),
            record.messageLength(),
            neighbor.context(record));
    for (Finding finding : update.findings()) {
      finding(neighbor, finding, packet, at, batch);
    }
    if (neighbor.ourRole >= 0) {
      var leak = OnlyToCustomer.leak(update, neighbor.ourRole, record.peerAs());
      if (leak != null) {
        finding(neighbor, leak, packet, at, batch);
      }
    }
    var handling = update.handling();
    if (handling.compareTo(ErrorHandling.AFI_SAFI_DISABLE) >= 0) {
      return;
    }
    var ended = update.endOfRib();
    if (ended != null) {
      endOfRib(neighbor, ended.code(), at, batch);
      return;
    }
    for (NlriBlock block : update.withdrawn()) {
      boolean addPath = update.context().hasPathIds(block.family());
      changes(
          neighbor, addPath, block, RouteChanges.WITHDRAWAL, Reason.WITHDRAWN, packet, at, batch);
    }
    boolean treatAsWithdraw = handling == ErrorHandling.TREAT_AS_WITHDRAW;
    for (NlriBlock block : update.announced()) {
      long set =
          treatAsWithdraw
              ? RouteChanges.WITHDRAWAL
              : attributeSets.idOf(update.attributeSet(block), at, packet);
      boolean addPath = update.context().hasPathIds(block.family());
      changes(neighbor, addPath, block, set, Reason.TREAT_AS_WITHDRAW, packet, at, batch);
    }
  }

  /// The routes of a table of an archive count as announced when the table was written.
  private void table(MrtRecord record, long packet, long at, @Nullable PeerIndex peers, Batch batch)
      throws SQLException {
    List<RibRoute> routes;
    try {
      routes = RibRoute.decode(record.array(), record.offset(), record.length(), peers);
    } catch (MrtError e) {
      return; // who reads the archive says so
    }
    for (RibRoute route : routes) {
      var peer = new Peer(route.peer().address(), route.peer().as());
      var neighbor = neighbor(peer, "", at, batch);
      if (isAhead(neighbor)) {
        continue;
      }
      neighbor.lastPacketAt = at;
      neighbor.lastUpdateAt = at;
      touched.add(neighbor);
      if (!neighbor.up) {
        up(neighbor, "", at, batch);
      }
      changes(
          neighbor,
          route.block().addPath(),
          route.block(),
          attributeSets.idOf(route.attributes(), at, packet),
          Reason.TREAT_AS_WITHDRAW,
          packet,
          at,
          batch);
    }
  }

  private void changes(
      Neighbor neighbor,
      boolean addPath,
      NlriBlock block,
      long attributes,
      Reason reason,
      long packet,
      long at,
      Batch batch) {
    var family = block.family();
    boolean isFirst = attributes != RouteChanges.WITHDRAWAL && attributeSets.isFirst(attributes);
    if (family.hasPlainPrefixes()) {
      var changes =
          batch.changes(
              neighbor.id,
              family.code(),
              neighbor.generationOf(family.code()),
              family.isIpv6() ? 17 : 5,
              addPath);
      changes.block(attributes, isFirst, packet, at, reason);
      for (var cursor = block.cursor(); cursor.next(); ) {
        cursor.copyKey(key, 0);
        changes.add(key, cursor.pathId());
      }
    } else {
      var changes =
          batch.nlriChanges(
              neighbor.id, family.code(), neighbor.generationOf(family.code()), addPath);
      changes.block(attributes, isFirst, packet, at, reason);
      boolean announced = attributes != RouteChanges.WITHDRAWAL;
      for (var route = block.routes(); route.next(); ) {
        if (route.fault() != null) {
          continue; // what route that is cannot be told: it is a finding, and the others count
        }
        String details = announced ? route.details() : "";
        changes.add(
            route.key(),
            route.pathId(),
            announced && !family.hasPrefixKeys() ? route.text() : null,
            details.isEmpty() ? null : details,
            announced ? route.octets() : null);
      }
    }
    boolean ofTable = !neighbor.ended.contains(family.code()) && at - neighbor.upAt < TABLE_TIME;
    batch.count(block.count(), ofTable);
    neighbor.known.add(family.code());
    if (!neighbor.ended.contains(family.code())) {
      neighbor.waiting.add(family.code());
    }
  }

  private static void finding(
      Neighbor neighbor, Finding finding, long packet, long at, Batch batch) {
    batch.step(
        neighbor.id,
        writer ->
            writer.update(
                "INSERT INTO finding VALUES (?, ?, ?, ?, ?)",
                packet,
                neighbor.id,
                at,
                finding.handling().name(),
                finding.toString()));
  }

  private void stateChange(MrtRecord record, @Nullable StateReason reason, long at, Batch batch) {
    if (reason != null && reason.cause() == SessionCause.NOT_CONFIGURED) {
      event(null, AddressText.of(record.peerAddress()), "rejected", at, reason, null, 0, batch);
      return;
    }
    if (reason != null && reason.isAddedApart()) {
      toldApart(record, reason.neighbor(), at, batch);
    }
    var neighbor = neighbor(record, reason == null ? "" : reason.neighbor(), at, batch);
    if (isAhead(neighbor)) {
      return;
    }
    boolean wasUp = record.oldState() == ESTABLISHED;
    if (wasUp
        && reason != null
        && reason.cause() == SessionCause.PREFIX_LIMIT
        && record.newState() == ESTABLISHED) {
      full(neighbor, at, reason, batch);
    } else if (record.newState() == ESTABLISHED) {
      if (!neighbor.up || !wasUp) {
        up(neighbor, AddressText.of(record.localAddress()), at, batch);
      }
    } else if (wasUp) {
      if (neighbor.up) {
        down(neighbor, at, reason, batch);
      }
    } else if (record.newState() == IDLE
        && reason != null
        && reason.cause() != SessionCause.RESTART_EXPIRED // its time alone says what it is for
        && !(reason.cause() == SessionCause.ADMINISTRATIVE && record.oldState() == IDLE)) {
      // It was not: such a record, of one that was added, tells its name.
      failed(neighbor, at, reason, batch);
    }
  }

  /// More routes came than may: those that are new are not stored from here on.
  private void full(Neighbor neighbor, long at, StateReason reason, Batch batch) {
    String[] words = reason.text().split(" ", 2);
    int family;
    try {
      family = Family.parse(words[0]).code();
    } catch (IllegalArgumentException e) {
      return; // a later version's way to say it
    }
    int generation = neighbor.generation;
    neighbor.known.add(family);
    batch.step(neighbor.id, writer -> writer.familyFull(neighbor.id, family, generation));
    String why =
        "It has more routes than the limit allows ("
            + reason.text()
            + "); new ones are not stored.";
    event(neighbor, neighbor.address, "limit", at, reason, why, 0, batch);
  }

  private void up(Neighbor neighbor, String local, long at, Batch batch) {
    if (neighbor.up) {
      down(neighbor, at, null, batch);
    }
    boolean live = source.equals(Database.LIVE);
    if (!interrupted.remove(neighbor)) {
      neighbor.staleUntil = 0;
    }
    neighbor.newest++;
    neighbor.generation = neighbor.newest;
    neighbor.refreshed.clear();
    neighbor.refreshing.clear();
    neighbor.session = nextSession++;
    neighbor.up = true;
    neighbor.upAt = at;
    neighbor.state = live ? UP : IMPORTED;
    neighbor.updates = 0;
    neighbor.lastUpdateAt = at;
    neighbor.ended.clear();
    neighbor.waiting.clear();
    neighbor.waiting.addAll(neighbor.known);
    neighbor.negotiate(neighbor.openSent, neighbor.openReceived);
    endUnpreserved(neighbor, at, batch);
    int id = neighbor.id;
    int generation = neighbor.generation;
    long session = neighbor.session;
    byte[] sent = bytes(neighbor.openSent);
    byte[] received = bytes(neighbor.openReceived);
    neighbor.openSent = null;
    neighbor.openReceived = null;
    String state = neighbor.state;
    Long staleUntil = staleUntil(neighbor);
    batch.step(
        id,
        writer -> {
          writer.update(
              """
              INSERT INTO session (id, neighbor_id, generation, local_address, up_at, open_sent,
                open_received) VALUES (?, ?, ?, ?, ?, ?, ?)\
              """,
              session,
              id,
              generation,
              local,
              at,
              sent,
              received);
          writer.update(
              """
              UPDATE neighbor SET state = ?, since = ?, cause = NULL, why = '', generation = ?,
                session_id = ?, open_sent = NULL, open_received = NULL, stale_until = ?,
                kept = NULL, last_update_at = ? WHERE id = ?\
              """,
              state,
              at,
              generation,
              session,
              staleUntil,
              at,
              id);
          writer.sessionBegan(id);
        });
    forgetNotification(neighbor, batch);
    event(neighbor, neighbor.address, "up", at, null, null, 0, batch);
  }

  private static byte @Nullable [] bytes(@Nullable Octets octets) {
    return octets == null ? null : octets.toByteArray();
  }

  private static @Nullable Long staleUntil(Neighbor neighbor) {
    return neighbor.staleUntil == 0 ? null : neighbor.staleUntil;
  }

  /// A connection that was lost before it brought an UPDATE tells no more of what our restart left
  /// stale than no connection does; the time of that goes on. Some routers drop one of two
  /// connections so (RFC 4271 section 6.8), or their NOTIFICATION is lost with the connection.
  private static boolean broughtNothing(Neighbor neighbor, StateReason reason, long at) {
    return neighbor.updates == 0
        && at < neighbor.staleUntil
        && reason.kept().isEmpty()
        && (reason.cause() == SessionCause.CONNECTION_CLOSED
            || reason.cause() == SessionCause.CONNECTION_RESET);
  }

  private void down(Neighbor neighbor, long at, @Nullable StateReason told, Batch batch) {
    boolean goesOn = told != null && broughtNothing(neighbor, told, at);
    var reason =
        goesOn && told != null
            ? new StateReason(SessionCause.BROUGHT_NOTHING, told.neighbor(), told.text())
            : told;
    boolean leavesStale = reason != null && leavesStale(reason.cause());
    boolean live = source.equals(Database.LIVE);
    List<Kept> kept = live && !leavesStale && reason != null ? reason.kept() : List.of();
    String state = !live ? IMPORTED : leavesStale || !kept.isEmpty() ? STALE : DOWN;
    neighbor.up = false;
    neighbor.refreshing.clear();
    neighbor.state = state;
    if (!goesOn) {
      neighbor.staleUntil = 0;
    }
    if (leavesStale && live) {
      interrupted(neighbor);
    }
    Long staleUntil = staleUntil(neighbor);
    neighbor.kept = kept;
    neighbor.keptSince = at;
    neighbor.longLived.clear();
    if (!kept.isEmpty()) {
      restarts(neighbor);
    }
    String keptText = kept.isEmpty() ? null : Kept.text(kept);
    var longLived = new HashMap<Integer, Boolean>();
    kept.forEach(one -> longLived.put(one.family().code(), one.longLivedSeconds() > 0));
    String cause = reason == null ? null : reason.cause().name();
    String why = words(neighbor, reason);
    Long notification = neighbor.notificationPacket == 0 ? null : neighbor.notificationPacket;
    int id = neighbor.id;
    int generation = neighbor.generation;
    long session = neighbor.session;
    long updates = neighbor.updates;
    batch.hurry(neighbor.id);
    batch.step(
        id,
        writer -> {
          writer.update(
              """
              UPDATE session SET down_at = ?, cause = ?, why = ?, notification = ?, updates = ?
              WHERE id = ?\
              """,
              at,
              cause,
              why,
              notification,
              updates,
              session);
          writer.update(
              """
              UPDATE neighbor SET state = ?, since = ?, cause = ?, why = ?, stale_until = ?,
                kept = ? WHERE id = ?\
              """,
              state,
              at,
              cause,
              why,
              staleUntil,
              keptText,
              id);
          if (leavesStale) {
            writer.sessionInterrupted(id);
          } else if (!longLived.isEmpty()) {
            writer.sessionRestarts(id, generation, at, longLived);
          } else {
            writer.sessionEnded(id, generation, at);
          }
        });
    event(neighbor, neighbor.address, "down", at, reason, why, neighbor.notificationPacket, batch);
    forgetNotification(neighbor, batch);
  }

  /// Whether the end of a session says nothing of its routes: ours, and that of the connection that
  /// lost to another one (RFC 4271 section 6.8), over which they come again. One side may think the
  /// loser established before the other side has chosen.
  static boolean leavesStale(SessionCause cause) {
    return switch (cause) {
      case COLLECTOR_STOPPED, COLLECTOR_CRASHED, COLLISION, BROUGHT_NOTHING -> true;
      default -> false;
    };
  }

  private void failed(Neighbor neighbor, long at, StateReason reason, Batch batch) {
    String why = words(neighbor, reason);
    if (neighbor.state.equals(CONNECTING)) {
      String cause = reason.cause().name();
      batch.step(
          neighbor.id,
          writer ->
              writer.update(
                  "UPDATE neighbor SET cause = ?, why = ? WHERE id = ?", cause, why, neighbor.id));
    }
    event(
        neighbor, neighbor.address, "failed", at, reason, why, neighbor.notificationPacket, batch);
    forgetNotification(neighbor, batch);
  }

  private static String words(Neighbor neighbor, @Nullable StateReason reason) {
    return reason == null
        ? "The session ended; no reason is known."
        : SessionWords.say(reason.cause(), neighbor.notification, reason.text());
  }

  /// Adds a row to the session log; an attempt or a stranger like the one before counts there.
  private void event(
      @Nullable Neighbor neighbor,
      String address,
      String kind,
      long at,
      @Nullable StateReason reason,
      @Nullable String words,
      long packet,
      Batch batch) {
    String cause = reason == null ? null : reason.cause().name();
    String why =
        words != null
            ? words
            : reason == null
                ? "The session is up."
                : SessionWords.say(reason.cause(), null, reason.text());
    Integer id = neighbor == null ? null : neighbor.id;
    boolean repeats = kind.equals("failed") || kind.equals("rejected");
    long event = nextEvent++;
    batch.step(
        neighbor == null ? 0 : neighbor.id,
        writer -> {
          if (repeats && writer.repeated(id, address, kind, why, at)) {
            return;
          }
          writer.update(
              "INSERT INTO event VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?)",
              event,
              at,
              at,
              id,
              address,
              kind,
              cause,
              why,
              packet == 0 ? null : packet);
        });
  }

  private void interrupted(Neighbor neighbor) {
    interrupted.add(neighbor);
    if (neighbor.staleUntil == 0) {
      unwatched.add(neighbor);
    } else {
      expiresAt(neighbor.staleUntil);
    }
  }

  private void restarts(Neighbor neighbor) {
    restarting.add(neighbor);
    expiresAt(neighbor.firstExpiry());
  }

  private void expiresAt(long at) {
    nextExpiry = Math.min(nextExpiry, at);
  }

  /// The time of those that were interrupted since the last record begins.
  private void watchFrom(long at, Batch batch) {
    var later = unwatched.stream().filter(this::isAhead).toList();
    for (var neighbor : unwatched) {
      if (interrupted.contains(neighbor) && neighbor.staleUntil == 0 && !isAhead(neighbor)) {
        neighbor.staleUntil = at + STALE_TIME;
        long until = neighbor.staleUntil;
        expiresAt(until);
        batch.step(
            neighbor.id,
            writer ->
                writer.update(
                    "UPDATE neighbor SET stale_until = ? WHERE id = ?", until, neighbor.id));
      }
    }
    unwatched.clear();
    unwatched.addAll(later);
  }

  private void expireInterrupted(long at, Batch batch) {
    for (var neighbor : List.copyOf(interrupted)) {
      if (at >= neighbor.staleUntil && !isAhead(neighbor)) {
        interrupted.remove(neighbor);
        neighbor.state = DOWN;
        var reason = new StateReason(SessionCause.STALE_EXPIRED, neighbor.name, "");
        String why = words(neighbor, reason);
        int generation = neighbor.generation;
        batch.step(
            neighbor.id,
            writer -> {
              writer.update(
                  """
                  UPDATE neighbor SET state = ?, since = ?, cause = ?, why = ?, stale_until = NULL
                  WHERE id = ?\
                  """,
                  DOWN,
                  at,
                  reason.cause().name(),
                  why,
                  neighbor.id);
              writer.sessionEnded(neighbor.id, generation, at);
            });
        event(neighbor, neighbor.address, "down", at, reason, why, 0, batch);
      }
    }
  }

  /// Ends what is kept of neighbors that restart when its time is over, family by family.
  private void expireRestarting(long at, Batch batch) {
    for (var neighbor : List.copyOf(restarting)) {
      if (!isAhead(neighbor)) {
        beginLongLived(neighbor, at, batch);
      }
      var left = new ArrayList<Kept>();
      long last = 0;
      for (Kept one : neighbor.kept) {
        long until = neighbor.expiry(one);
        if (at < until || isAhead(neighbor)) {
          left.add(one);
        } else {
          last = Math.max(last, until);
          int generation = neighbor.generation;
          var reason = one.longLivedSeconds() > 0 ? Reason.LONG_LIVED_STALE : Reason.RESTART_STALE;
          batch.step(
              neighbor.id,
              writer ->
                  writer.familyEnded(neighbor.id, one.family().code(), generation, until, reason));
        }
      }
      if (left.isEmpty()) {
        restartExpired(neighbor, last, batch);
      } else if (left.size() < neighbor.kept.size()) {
        String text = Kept.text(left);
        batch.step(
            neighbor.id,
            writer ->
                writer.update("UPDATE neighbor SET kept = ? WHERE id = ?", text, neighbor.id));
      }
      neighbor.kept = List.copyOf(left);
    }
  }

  /// The Restart Time is over: routes that say NO_LLGR go (RFC 9494 section 4.3). After a restart
  /// of ours that is done once more, and finds nothing.
  private static void beginLongLived(Neighbor neighbor, long at, Batch batch) {
    for (Kept one : neighbor.kept) {
      long from = neighbor.longLivedFrom(one);
      int family = one.family().code();
      if (at >= from && neighbor.longLived.add(family)) {
        batch.step(neighbor.id, writer -> writer.longLivedBegan(neighbor.id, family, from));
      }
    }
  }

  private void restartExpired(Neighbor neighbor, long at, Batch batch) {
    restarting.remove(neighbor);
    neighbor.state = DOWN;
    var reason = new StateReason(SessionCause.RESTART_EXPIRED, neighbor.name, "");
    String why = words(neighbor, reason);
    batch.step(
        neighbor.id,
        writer ->
            writer.update(
                "UPDATE neighbor SET state = ?, since = ?, cause = ?, why = ?, kept = NULL WHERE id"
                    + " = ?",
                DOWN,
                at,
                reason.cause().name(),
                why,
                neighbor.id));
    event(neighbor, neighbor.address, "down", at, reason, why, 0, batch);
  }

  /// A neighbor is back from a restart: the routes of the families in which it did not keep
  /// forwarding are gone (RFC 4724 section 4.2, RFC 9494 section 4.2).
  private void endUnpreserved(Neighbor neighbor, long at, Batch batch) {
    restarting.remove(neighbor);
    int before = neighbor.generation - 1; // refreshes within the session before included
    for (Kept one : neighbor.kept) {
      int family = one.family().code();
      if (!neighbor.preserved.contains(family)) {
        batch.step(
            neighbor.id,
            writer -> writer.familyEnded(neighbor.id, family, before, at, Reason.SESSION_DOWN));
      }
    }
    neighbor.kept = List.of();
  }

  /// What is known of a neighbor while its records are read.
  private static final class Neighbor {
    private final int id;
    private final String name;
    private final String address;
    private String state = CONNECTING;
    private boolean up;

    /// Since when it is, if this process has seen it begin.
    private long upAt;

    private int generation;

    /// The generation that the session or a refresh in it began last.
    private int newest;

    private long session;

    /// The newest ones, for the session that they may become.
    private @Nullable Octets openSent;

    private @Nullable Octets openReceived;
    private @Nullable Notification notification;
    private long notificationPacket;
    private long staleUntil;
    private long knownAt;

    /// What it sent before this is in the tables; null if all of what was read is.
    private @Nullable Position ahead;

    private long lastPacketAt;
    private long lastUpdateAt;
    private long updates;
    private @Nullable DecodeContext negotiated;
    private boolean sendsEndOfRib;

    /// What we said that we are to it (RFC 9234 section 4.1); -1 for nothing.
    private int ourRole = -1;

    private boolean refreshes;
    private List<Kept> kept = List.of();
    private long keptSince;

    /// Families of them whose Restart Time is over.
    private final Set<Integer> longLived = new HashSet<>();

    /// Families in which it kept forwarding while it restarted, as its OPEN has it.
    private final Set<Integer> preserved = new HashSet<>();

    /// Families of which it ever said something: there is a row of each in `neighbor_family`.
    private final Set<Integer> known = new HashSet<>();

    /// Families whose initial table has ended, and those whose has not: what the session is for,
    /// and what is left of sessions before.
    private final Set<Integer> ended = new HashSet<>();

    private final Set<Integer> waiting = new HashSet<>();

    /// Families that it sent again within the session, with the generation of what came since, and
    /// when it began with those that it has not ended.
    private final Map<Integer, Integer> refreshed = new HashMap<>();

    private final Map<Integer, Long> refreshing = new HashMap<>();

    Neighbor(int id, String name, String address) {
      this.id = id;
      this.name = name;
      this.address = address;
    }

    /// When a family of those that are kept is given up.
    long expiry(Kept one) {
      return keptSince + (one.restartSeconds() + one.longLivedSeconds()) * SECOND;
    }

    /// When its routes that say NO_LLGR are; never if it is not kept any longer.
    long longLivedFrom(Kept one) {
      return one.longLivedSeconds() == 0
          ? Long.MAX_VALUE
          : keptSince + one.restartSeconds() * SECOND;
    }

    /// When the first of that happens.
    long firstExpiry() {
      long first = Long.MAX_VALUE;
      for (Kept one : kept) {
        first = Math.min(first, expiry(one));
        if (!longLived.contains(one.family().code())) {
          first = Math.min(first, longLivedFrom(one));
        }
      }
      return first;
    }

    /// The generation of what it sends in a family now.
    int generationOf(int family) {
      return refreshed.getOrDefault(family, generation);
    }

    /// It sends a family again, or did so.
    ///
    /// @param begunAt zero if that has ended
    void refreshed(int family, int since, long begunAt) {
      newest = Math.max(newest, since);
      refreshed.put(family, since);
      if (begunAt != 0) {
        refreshing.put(family, begunAt);
      }
    }

    /// Keeps what a NOTIFICATION says; null for nothing.
    void said(@Nullable Octets message, long packet) {
      notificationPacket = packet;
      notification = null;
      if (message != null) {
        try {
          notification =
              Message.decode(message.toByteArray(), 0, message.length(), DecodeContext.AS4)
                      instanceof Notification decoded
                  ? decoded
                  : null;
        } catch (MessageError e) {
          notification = null; // too short to say anything; it is in the journal
        }
      }
    }

    /// Takes from both OPENs what the session needs to be read.
    void negotiate(@Nullable Octets ours, @Nullable Octets theirs) {
      negotiated = null;
      sendsEndOfRib = false;
      refreshes = false;
      ourRole = -1;
      preserved.clear();
      if (ours == null || theirs == null) {
        return;
      }
      try {
        var received = Open.decode(theirs.toByteArray(), 0, theirs.length());
        var sent = Open.decode(ours.toByteArray(), 0, ours.length());
        var agreed = Negotiated.of(sent, received);
        var role = sent.capability(Capability.BgpRole.class);
        ourRole = role == null ? -1 : role.role();
        negotiated = agreed.context();
        refreshes = agreed.enhancedRouteRefresh();
        var restart = received.capability(Capability.GracefulRestart.class);
        sendsEndOfRib = restart != null;
        if (restart != null) {
          preserve(restart, received.capability(Capability.LongLivedGracefulRestart.class));
        }
        for (var family : agreed.families()) {
          if (!ended.contains(family.code())) {
            waiting.add(family.code());
          }
        }
      } catch (OpenError e) {
        // The journal of another program may hold an OPEN that we do not read: its records say
        // themselves how to read them.
        negotiated = null;
      }
    }

    private void preserve(
        Capability.GracefulRestart restart,
        Capability.@Nullable LongLivedGracefulRestart longLived) {
      restart.entries().stream()
          .filter(Capability.GracefulRestart.Entry::forwardingKept)
          .forEach(entry -> preserved.add(entry.family().code()));
      if (longLived != null) {
        longLived.entries().stream()
            .filter(Capability.LongLivedGracefulRestart.Entry::forwardingKept)
            .forEach(entry -> preserved.add(entry.family().code()));
      }
    }

    /// How to read this neighbor's UPDATEs: as agreed, else as the record says (RFC 8050 section
    /// 3).
    DecodeContext context(MrtRecord record) {
      if (negotiated != null) {
        return negotiated;
      }
      return record.context();
    }
  }
}
