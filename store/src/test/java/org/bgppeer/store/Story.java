package org.bgppeer.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.bgppeer.journal.Journal;
import org.bgppeer.journal.JournalOptions;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.Capability;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.StateReason;
import org.bgppeer.wire.Updates;
import org.jspecify.annotations.Nullable;

/// A journal that a test tells record by record, a second apart, and the database that follows it.
final class Story implements AutoCloseable {
  static final Instant BEGIN = Instant.parse("2026-03-17T03:00:00Z");
  private static final byte[] OURS = AddressText.parse("192.0.2.10");
  private static final long OUR_AS = 64496;

  final Database database;
  final Journal journal;
  final Queries queries;
  private Projector projector;
  private Instant now = BEGIN;
  private boolean restless;
  private static final DecodeContext CONTEXT = DecodeContext.AS4;

  Story(Path directory) throws Exception {
    this(directory, Kind.SQLITE);
  }

  Story(Path directory, Kind kind) throws Exception {
    this(directory, kind.open(Files.createDirectories(directory)));
  }

  Story(Path directory, Database database) throws Exception {
    this.database = database;
    journal =
        Journal.open(directory.resolve("journal"), JournalOptions.defaults().withClock(() -> now));
    queries = database.queries(directory.resolve("journal"));
    projector = follow();
  }

  private Projector follow() {
    return Projector.start(
        database,
        Database.LIVE,
        from -> Records.of(journal.reader(from)),
        InstantSource.fixed(BEGIN));
  }

  /// As the command does.
  Story mute(String neighbor, boolean muted) throws Exception {
    settle();
    projector.mute(neighbor, muted).get(20, TimeUnit.SECONDS);
    return this;
  }

  /// The projector ends and a new one goes on from the database.
  Story restartProjector() throws Exception {
    settle();
    projector.close();
    projector = follow();
    return this;
  }

  /// The projector ends, though it may not have written all, and a new one goes on.
  ///
  /// @param between what happens before that
  Story restartProjector(Duration patience, Runnable between) throws Exception {
    journal.flush(Duration.ofSeconds(20));
    projector.close(patience);
    between.run();
    projector = follow();
    return this;
  }

  /// Goes on with a projector that keeps no more than this.
  ///
  /// @param at its time: what is old is so by this
  Story keep(DatabaseRetention retention, Instant at) throws Exception {
    settle();
    projector.close();
    projector =
        Projector.start(
            database,
            Database.LIVE,
            from -> Records.of(journal.reader(from)),
            InstantSource.fixed(at),
            retention);
    return this;
  }

  /// Goes on with a projector that finds all that `more` tells, and gathers in its way.
  Story gather(Projector.Gather gather, Consumer<Story> more) throws Exception {
    settle();
    projector.close();
    more.accept(this);
    journal.flush(Duration.ofSeconds(20));
    projector =
        Projector.start(
            database,
            Database.LIVE,
            from -> Records.of(journal.reader(from)),
            InstantSource.fixed(BEGIN),
            DatabaseRetention.FOR_EVER,
            gather);
    return this;
  }

  /// Waits until a query gives these rows.
  Story awaitRows(String sql, String... expected) throws SQLException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!rows(sql).equals(List.of(expected))) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(sql + " gives " + rows(sql) + ", not " + List.of(expected));
      }
      java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
    }
    return this;
  }

  /// From here on the projector begins again after each record.
  Story restless() {
    restless = true;
    return this;
  }

  Instant now() {
    return now;
  }

  Story pass(Duration time) {
    now = now.plus(time);
    return this;
  }

  /// A session comes up.
  Story up(String address, long as, Capability... more) {
    return opens(address, as, more).state(address, as, 5, 6, null);
  }

  /// The OPENs of a connection, with these capabilities beside the usual ones.
  Story opens(String address, long as, Capability... more) {
    var families =
        List.<Capability>of(
            new Capability.Multiprotocol(Family.IPV4_UNICAST),
            new Capability.Multiprotocol(Family.IPV6_UNICAST));
    var ours = new ArrayList<>(families);
    ours.add(new Capability.FourOctetAs(OUR_AS));
    ours.addAll(List.of(more));
    var theirs = new ArrayList<>(families);
    theirs.add(new Capability.FourOctetAs(as));
    theirs.addAll(List.of(more));
    message(address, as, true, Open.of(OUR_AS, 90, 10, ours).encode());
    return message(address, as, false, Open.of(as, 90, 20, theirs).encode());
  }

  Story down(String address, long as, SessionCause cause) {
    return state(address, as, 6, 1, new StateReason(cause, "", ""));
  }

  Story state(String address, long as, int from, int to, @Nullable StateReason reason) {
    tick();
    return append(
        Mrt.stateChange(now, as, OUR_AS, AddressText.parse(address), OURS, from, to, reason));
  }

  Story update(String address, long as, Updates update) {
    return message(address, as, false, update.build());
  }

  Story notification(String address, long as, boolean sent, Notification notification) {
    return message(address, as, sent, notification.encode());
  }

  Story endOfRib(String address, long as, Family family) {
    return message(address, as, false, Updates.endOfRib(family));
  }

  Story message(String address, long as, boolean sent, byte[] message) {
    tick();
    return append(
        Mrt.bgp4mpMessage(
            now,
            sent,
            as,
            OUR_AS,
            AddressText.parse(address),
            OURS,
            message,
            0,
            message.length,
            CONTEXT));
  }

  private void tick() {
    now = now.plusSeconds(1);
  }

  /// A record of the journal, header included.
  Story append(byte[] record) {
    try {
      journal.append(record, 0, record.length);
      if (restless) {
        restartProjector();
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return this;
  }

  /// Waits until the database has all that was told.
  Story settle() throws InterruptedException {
    try {
      journal.flush(Duration.ofSeconds(20));
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
    if (!projector.await(journal.end(), Duration.ofSeconds(20))) {
      throw new AssertionError(
          "the database is at " + projector.committed() + ", the journal at " + journal.end());
    }
    return this;
  }

  /// All rows of a query, the columns separated by `|`; null as empty, truth as 1 or 0,
  /// octets in hex.
  List<String> rows(String sql) throws SQLException {
    return rows(database, sql);
  }

  /// Changes rows behind the projector's back.
  void execute(String sql) throws SQLException {
    try (var connection = database.reader();
        var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  static List<String> rows(Database database, String sql) throws SQLException {
    try (var connection = database.reader();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var result = new ArrayList<String>();
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        var text = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          String value =
              switch (rows.getObject(i)) {
                case null -> null;
                case Boolean truth -> truth ? "1" : "0";
                case byte[] octets -> HexFormat.of().formatHex(octets);
                case Object other -> other.toString();
              };
          text.append(i == 1 ? "" : "|").append(value == null ? "" : value);
        }
        result.add(text.toString());
      }
      return result;
    }
  }

  @Override
  public void close() throws java.io.IOException {
    projector.close();
    journal.close();
    database.close();
  }
}
