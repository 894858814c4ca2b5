package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bgppeer.journal.Position;
import org.bgppeer.store.Database.ConfiguredNeighbor;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever the indexes of origin ASes and of values have by then: a question by origin AS, AS in
/// the path, community or next hop has the answer that a look at every route has.
class OriginIndexTest {
  private static final Instant BEGIN = Instant.parse("2026-03-17T03:00:00Z");
  private static final int NEIGHBORS = 3;
  private static final int[] ORIGINS = {64496, 64497, 64498, 64499};
  private static final int MANY = 20;

  @TempDir Path directory;

  /// One life of the writer, which ends without a word: as if the process were killed.
  private static final String ROUTES_THAT_ARE_NOT_INDEXED =
      """
      SELECT count(*) FROM route r JOIN path_attributes a ON a.id = r.attributes_id
      WHERE a.origin_as IS NOT NULL AND NOT EXISTS (SELECT 1 FROM origin_prefix o
        WHERE o.origin_as = a.origin_as AND o.family = r.family AND o.prefix_key = r.prefix_key)\
      """;

  private final class Life implements AutoCloseable {
    private final Database database;
    private final Connection connection;
    private final Connection reader;
    private final AttributeSets sets;
    private final BatchWriter writer;

    Life(Kind kind) throws Exception {
      this(kind, MANY);
    }

    Life(Kind kind, int many) throws Exception {
      database = kind.open(directory);
      var neighbors = new ArrayList<ConfiguredNeighbor>();
      for (int n = 1; n <= NEIGHBORS; n++) {
        neighbors.add(new ConfiguredNeighbor("n" + n, "192.0.2." + n, 64500 + n));
      }
      database.configure(neighbors, Columns.micros(BEGIN));
      connection = database.writer();
      reader = database.reader();
      sets = new AttributeSets(reader);
      var origins = new OriginIndex(connection, many, 0);
      writer = new BatchWriter(connection, database.bulkWriter(connection), Database.LIVE, origins);
    }

    /// Writes announcements and withdrawals of some prefixes of a neighbor.
    void write(Random random, int neighbor, int size) throws Exception {
      var batch = new Batch();
      boolean ipv6 = random.nextInt(4) == 0;
      int family = (ipv6 ? Family.IPV6_UNICAST : Family.IPV4_UNICAST).code();
      var changes = batch.changes(neighbor, family, 1, ipv6 ? 17 : 5, false);
      for (int i = 0; i < size; i++) {
        moment++;
        long at = Columns.micros(BEGIN) + moment * 1_000_000L;
        boolean withdrawal = random.nextInt(5) == 0;
        long set = withdrawal ? RouteChanges.WITHDRAWAL : sets.idOf(attributes(random), at, moment);
        changes.block(set, !withdrawal && sets.isFirst(set), moment, at, Reason.WITHDRAWN);
        changes.add(prefix(random, ipv6).key(), RouteChanges.NO_PATH_ID);
        batch.reached(new Position("updates.20260317.0300", moment), at);
      }
      write(batch);
    }

    /// Writes one announcement.
    void announce(int neighbor, Family family, String prefix, byte[] attributes) throws Exception {
      var batch = new Batch();
      byte[] key = Prefix.parse(prefix).key();
      var changes = batch.changes(neighbor, family.code(), 1, key.length, false);
      long at = Columns.micros(BEGIN) + ++moment * 1_000_000L;
      long set = sets.idOf(attributes, at, moment);
      changes.block(set, sets.isFirst(set), moment, at, Reason.WITHDRAWN);
      changes.add(key, RouteChanges.NO_PATH_ID);
      batch.reached(new Position("updates.20260317.0300", moment), at);
      write(batch);
    }

    /// Adds announcements of `size` prefixes of a neighbor.
    void announce(Batch batch, int neighbor, int size) throws Exception {
      long at = Columns.micros(BEGIN) + ++moment * 1_000_000L;
      var changes = batch.changes(neighbor, Family.IPV4_UNICAST.code(), 1, 5, false);
      long set = sets.idOf(attributes(new Random(moment)), at, moment);
      changes.block(set, sets.isFirst(set), moment, at, Reason.WITHDRAWN);
      for (int i = 0; i < size; i++) {
        byte[] key = {(byte) (10 + (i >> 16)), (byte) (i >> 8), (byte) i, 0, 24};
        changes.add(key, RouteChanges.NO_PATH_ID);
      }
      batch.reached(new Position("updates.20260317.0300", moment), at);
    }

    /// Writes a batch with tables of many neighbors, as the projector does.
    void writeTables(Batch batch) throws Exception {
      writer.attributeSets(sets.takeFresh());
      assertThat(batch.spill(directory)).isTrue();
      batch.seal();
      var position = Objects.requireNonNull(batch.position());
      var parts = batch.takeParts();
      while (parts.size() > 1) {
        var part = parts.remove();
        batch.prepare(part, parts.element());
        writer.writeAhead(part, position, batch.projectedAt());
        batch.written(part);
      }
      writer.writeLast(parts.remove(), position, batch.projectedAt(), () -> 0);
      batch.close();
    }

    private void write(Batch batch) throws Exception {
      writer.attributeSets(sets.takeFresh());
      batch.seal();
      writer.write(batch, Objects.requireNonNull(batch.position()), () -> 0);
    }

    /// Lets the index catch up.
    void settle() throws Exception {
      long deadline = System.nanoTime() + 60_000_000_000L;
      while (writer.indexOrigins(database) < OriginIndex.QUIET_NANOS) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        LockSupport.parkNanos(1_000_000);
      }
    }

    @Override
    public void close() throws Exception {
      writer.close();
      connection.close();
      reader.close();
      database.close();
    }
  }

  private int moment;

  private static Prefix prefix(Random random, boolean ipv6) {
    int net = random.nextInt(40);
    return Prefix.parse(
        ipv6 ? "2001:" + net % 10 + "00::/32" : "10." + net * 6 + "." + net + ".0/24");
  }

  /// ORIGIN and AS_PATH, which is empty in some; NEXT_HOP and COMMUNITIES in most of the others.
  private static byte[] attributes(Random random) {
    if (random.nextInt(8) == 0) {
      return HexFormat.of().parseHex("40010100" + "400200");
    }
    int origin = ORIGINS[random.nextInt(ORIGINS.length)];
    int middle = random.nextInt(3) == 0 ? 64496 : 65000 + random.nextInt(30);
    return HexFormat.of()
        .parseHex(
            "40010100"
                + "40020e0203%08x%08x%08x".formatted(64501 + random.nextInt(3), middle, origin)
                + "400304c00002%02x".formatted(random.nextInt(3))
                + "c00808fbf400%02xfbf%d0001".formatted(random.nextInt(60), random.nextInt(9)));
  }

  static Stream<Arguments> stories() {
    return Stream.of(Kind.values())
        .flatMap(kind -> Stream.of(1L, 2L).map(seed -> Arguments.of(seed, kind)));
  }

  @ParameterizedTest(name = "story {0}, {1}")
  @MethodSource("stories")
  void theAnswerIsThatOfALookAtEveryRoute(long seed, Kind kind) throws Exception {
    var random = new Random(seed);
    for (int lives = 0; lives < 2; lives++) {
      try (var life = new Life(kind)) {
        var queries = life.database.queries(null);
        for (int batches = 0; batches < 12; batches++) {
          boolean many = random.nextInt(3) == 0;
          life.write(
              random,
              1 + random.nextInt(NEIGHBORS),
              many ? MANY + random.nextInt(60) : 1 + random.nextInt(MANY - 1));
          for (int steps = random.nextInt(4); steps > 0; steps--) {
            life.writer.indexOrigins(life.database);
          }
          if (batches == 5) {
            same(life.database, queries, random);
            byValues(queries, random);
          }
        }
        if (lives % 2 == 1) {
          life.settle();
          assertThat(Story.rows(life.database, "SELECT * FROM origin_todo")).isEmpty();
          same(life.database, queries, random);
          byValues(queries.indexed(), random);
          everyVersion(life.database, queries.indexed());
          assertThat(ValueRowsTest.all(life.database).keySet().stream())
              .filteredOn(row -> row.contains("|o"))
              .containsExactlyInAnyOrderElementsOf(
                  Story.rows(life.database, ORIGINS_OF_ROUTES_AND_HISTORY));
        }
      }
    }
  }

  private static final String ORIGINS_OF_ROUTES_AND_HISTORY =
      """
      SELECT DISTINCT r.neighbor_id, r.family, 'o' || a.origin_as
      FROM (SELECT neighbor_id, family, attributes_id FROM route
        UNION SELECT neighbor_id, family, attributes_id FROM route_history) r
      JOIN path_attributes a ON a.id = r.attributes_id WHERE a.origin_as IS NOT NULL\
      """;

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aTableThatNeverHadAnOriginIsNotLookedAt(Kind kind) throws Exception {
    try (var life = new Life(kind)) {
      byte[] attributes = attributes(new Random(4));
      life.announce(1, Family.IPV4_UNICAST, "192.0.2.0/24", attributes);
      life.announce(2, Family.IPV4_UNICAST, "192.0.2.0/24", attributes);
      var queries = life.database.queries(null);
      long as =
          Objects.requireNonNull(queries.routes(RouteQuery.all(1)).routes().getFirst().originAs());
      var query = RouteQuery.all(9).withOriginAs(as);
      assertThat(neighbors(queries, query)).containsExactly("n1", "n2");
      assertThat(neighbors(queries, query.withActive(false))).isEmpty();

      String without = "UPDATE value_shared SET neighbors = ? WHERE value = ?";
      try (var statement = life.connection.prepareStatement(without)) { // as if n2 never had it
        statement.setBytes(1, NumberSet.of(1).encode());
        statement.setString(2, "o" + as);
        assertThat(statement.executeUpdate()).isEqualTo(1);
      }
      life.connection.commit();
      assertThat(neighbors(queries, query)).containsExactly("n1");
      assertThat(queries.count(query)).isEqualTo(1);
      assertThat(queries.originRoutes(as, 9).routes()).hasSize(1);
      assertThat(neighbors(queries, query.withNeighbor("n2"))).isEmpty();
      assertThat(neighbors(queries, RouteQuery.all(9).withPathAs(as))).containsExactly("n1");

      try (var statement = life.connection.createStatement()) { // not all of it is indexed
        statement.execute("INSERT INTO origin_todo VALUES (2, 257, 0)");
      }
      life.connection.commit();
      assertThat(neighbors(queries, query)).containsExactly("n1", "n2");
      assertThat(neighbors(queries.indexed(), query)).containsExactly("n1", "n2");
      assertThat(neighbors(queries.indexed(), RouteQuery.all(9).withPathAs(as)))
          .containsExactly("n1", "n2");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void defaultRoutesOfBothFamiliesWithTheSameAttributesAreBothFound(Kind kind) throws Exception {
    try (var life = new Life(kind)) {
      byte[] attributes = attributes(new Random(4));
      for (int neighbor = 1; neighbor <= NEIGHBORS; neighbor++) {
        life.announce(neighbor, Family.IPV4_UNICAST, "0.0.0.0/0", attributes);
        life.announce(neighbor, Family.IPV6_UNICAST, "::/0", attributes);
      }
      var queries = life.database.queries(null);
      var row = queries.routes(RouteQuery.all(1)).routes().getFirst();
      String community = row.communities().split(" ")[0];
      assertThat(neighbors(queries, RouteQuery.all(9).withCommunity(community)))
          .containsExactly("n1", "n1", "n2", "n2", "n3", "n3");
    }
  }

  private static List<String> neighbors(Queries queries, RouteQuery query) {
    return all(queries, query).stream().map(RouteRow::neighbor).toList();
  }

  private void same(Database database, Queries queries, Random random) {
    var past = BEGIN.plusSeconds(random.nextInt(moment + 1));
    for (var at : new @Nullable Instant[] {null, past}) {
      var everything = all(queries, RouteQuery.all(500).withAt(at));
      for (long as : ORIGINS) {
        var expected =
            everything.stream().filter(row -> Objects.equals(row.originAs(), as)).toList();
        var query = RouteQuery.all(11).withOriginAs(as).withAt(at);
        assertThat(all(queries, query)).as("AS " + as + " at " + at).isEqualTo(expected);
        assertThat(queries.count(query)).isEqualTo(expected.size());
        assertThat(all(queries, query.withNeighbor("n2").withFamily("ipv6-unicast")))
            .isEqualTo(
                expected.stream()
                    .filter(r -> r.neighbor().equals("n2") && r.family().equals("ipv6-unicast"))
                    .toList());
        if (at == null) {
          assertThat(queries.originRoutes(as, 500))
              .isEqualTo(
                  new Queries.OriginRoutes(
                      expected.stream().map(Queries.OriginRoute::of).toList(), true));
          var few = new SqlQueries(database, database.readers(), null, 3);
          var some = few.originRoutes(as, 500);
          assertThat(expected).extracting(Queries.OriginRoute::of).containsAll(some.routes());
          assertThat(!some.all() || some.routes().size() == expected.size()).isTrue();
          assertThat(originated(few, as))
              .as("many of which are not its own any more")
              .isEqualTo(originated(queries, as));
          assertThat(originated(queries, as))
              .containsExactlyInAnyOrderElementsOf(
                  expected.stream()
                      .filter(RouteRow::active)
                      .map(RouteRow::prefix)
                      .collect(Collectors.toSet()));
        }
      }
    }
  }

  private void byValues(Queries queries, Random random) {
    ValueAnswers.same(queries, null, random, 2);
    ValueAnswers.same(queries, BEGIN.plusSeconds(random.nextInt(moment + 1)), random, 2);
  }

  private static void everyVersion(Database database, Queries queries) throws Exception {
    for (long as : ORIGINS) {
      var begins =
          Story.rows(
                  database,
                  "SELECT coalesce(r.valid_from, a.first_at) FROM (SELECT valid_from, attributes_id"
                      + " FROM route UNION ALL SELECT valid_from, attributes_id FROM route_history)"
                      + " r JOIN path_attributes a ON a.id = r.attributes_id WHERE a.origin_as = "
                      + as)
              .stream()
              .map(Long::valueOf)
              .toList();
      assertThat(
              Stream.concat(
                  queries.heldEarlier(as, BEGIN, 10_000).stream().map(Queries.Span::from),
                  queries.originRoutes(as, 10_000).routes().stream()
                      .map(Queries.OriginRoute::validFrom)))
          .extracting(Columns::micros)
          .containsExactlyInAnyOrderElementsOf(begins);
    }
  }

  private static List<RouteRow> all(Queries queries, RouteQuery query) {
    var rows = new ArrayList<RouteRow>();
    for (var next = query; next != null; ) {
      var page = queries.routes(next);
      rows.addAll(page.routes());
      next = page.next() == null ? null : next.withAfter(page.next());
    }
    return rows;
  }

  private static List<String> originated(Queries queries, long as) {
    var prefixes = new ArrayList<String>();
    Prefix after = null;
    do {
      var page = queries.originated(as, after, 4);
      page.rows().forEach(row -> prefixes.add(row.prefix()));
      after = page.next();
    } while (after != null);
    return prefixes;
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatIsRemovedIsWhatNoRouteAndNoFormerVersionHas(Kind kind) throws Exception {
    String pairs = "SELECT origin_as, family, prefix_key FROM origin_prefix";
    try (var life = new Life(kind)) {
      var random = new Random(7);
      for (int i = 0; i < 12; i++) {
        life.write(random, 1 + random.nextInt(NEIGHBORS), 1 + random.nextInt(60));
      }
      assertThat(life.writer.removeUnusedOrigins(life.database, 1))
          .as("while a table waits to be walked through")
          .isFalse();
      life.settle();
      var before = Story.rows(life.database, pairs);
      while (life.writer.removeUnusedOrigins(life.database, 7)) {
        life.connection.commit();
      }
      life.connection.commit();
      assertThat(Story.rows(life.database, pairs)).containsExactlyInAnyOrderElementsOf(before);
      life.settle();
      var valuesBefore = ValueRowsTest.all(life.database);

      try (var statement = life.connection.createStatement()) {
        statement.execute("DELETE FROM route WHERE neighbor_id = 2");
        if (kind == Kind.POSTGRESQL) { // SQLite's are a chain that begins there
          statement.execute("DELETE FROM route_history WHERE neighbor_id = 2");
        }
      }
      while (life.writer.removeUnusedOrigins(life.database, 7)) {
        life.connection.commit();
      }
      life.connection.commit();
      assertThat(Story.rows(life.database, pairs))
          .hasSizeLessThan(before.size())
          .containsExactlyInAnyOrderElementsOf(
              Story.rows(
                  life.database,
                  "SELECT DISTINCT a.origin_as, r.family, r.prefix_key FROM (SELECT family,"
                      + " prefix_key, attributes_id FROM route UNION SELECT family, prefix_key,"
                      + " attributes_id FROM route_history WHERE neighbor_id <> 2) r JOIN"
                      + " path_attributes a ON a.id = r.attributes_id WHERE a.origin_as IS NOT"
                      + " NULL"));

      try (var statement = life.connection.createStatement()) {
        statement.execute("DELETE FROM route_history WHERE neighbor_id = 2");
      }
      life.connection.commit();
      life.writer.indexOrigins(life.database); // a walk has begun
      life.write(random, 1, MANY - 1);
      life.write(random, 2, 2);
      life.settle();

      var valuesNow = ValueRowsTest.all(life.database);
      assertThat(valuesNow.keySet().stream().filter(value -> value.startsWith("2|")))
          .as("what came while it was walked through, or soon after")
          .hasSizeBetween(1, 14);
      valuesBefore.keySet().removeIf(value -> !value.startsWith("3|"));
      assertThat(valuesNow).containsKeys(valuesBefore.keySet().toArray(String[]::new));
      for (int i = 0; i < 4; i++) {
        life.write(random, 2, 60);
      }
      life.settle();
      same(life.database, life.database.queries(null), random);
      byValues(life.database.queries(null), random);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void manyChangesAreLeftForLaterAndFewAreNot(Kind kind) throws Exception {
    try (var life = new Life(kind)) {
      life.write(new Random(3), 1, MANY - 1);
      assertThat(Story.rows(life.database, "SELECT count(*) > 0 FROM origin_prefix"))
          .containsExactly("1");
      assertThat(Story.rows(life.database, "SELECT * FROM origin_todo")).isEmpty();

      life.write(new Random(1), 2, 500);
      assertThat(Story.rows(life.database, "SELECT neighbor_id FROM origin_todo"))
          .containsExactly("2");
      life.settle();
      assertThat(Story.rows(life.database, "SELECT * FROM origin_todo")).isEmpty();
      assertThat(Story.rows(life.database, ROUTES_THAT_ARE_NOT_INDEXED)).containsExactly("0");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aTableThatIsNotReadAtOnceIsReadToItsEnd(Kind kind) throws Exception {
    try (var life = new Life(kind)) {
      var table = new Batch();
      life.announce(table, 1, 140_000);
      life.write(table);
      assertThat(Story.rows(life.database, ROUTES_THAT_ARE_NOT_INDEXED)).containsExactly("140000");

      life.settle();

      assertThat(Story.rows(life.database, ROUTES_THAT_ARE_NOT_INDEXED)).containsExactly("0");
      var last = Stretch.of(257, new byte[] {12, 34, 0, 0, 24});
      assertThat(ValueRowsTest.all(life.database).values())
          .isNotEmpty()
          .allMatch(stretches -> stretches.get(last));
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void tablesThatComeInBesideOthersAreLeftForLaterIfTheyAreSmallToo(Kind kind) throws Exception {
    try (var life = new Life(kind, 10_000)) {
      var large = new Batch();
      life.announce(large, 1, 2_001);
      life.write(large);
      assertThat(Story.rows(life.database, "SELECT * FROM origin_todo")).isEmpty();

      var tables = new Batch();
      life.announce(tables, 1, 1_000); // not half of what it has
      life.announce(tables, 2, 1_000);
      life.announce(tables, 3, 999);
      life.writeTables(tables);
      assertThat(Story.rows(life.database, "SELECT neighbor_id FROM origin_todo"))
          .containsExactly("2");

      life.settle();
      assertThat(Story.rows(life.database, "SELECT * FROM origin_todo")).isEmpty();
      assertThat(Story.rows(life.database, ROUTES_THAT_ARE_NOT_INDEXED)).containsExactly("0");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whoCannotWaitFindsWhatIsIndexedAndIsToldWhichTablesAreNot(Kind kind) throws Exception {
    try (var life = new Life(kind)) {
      var random = new Random(5);
      var queries = life.database.queries(null);
      life.write(random, 1, MANY - 1);
      life.write(random, 2, 500);
      assertThat(queries.unindexed())
          .allSatisfy(table -> assertThat(table.neighbor()).isEqualTo("n2"))
          .singleElement()
          .satisfies(
              table ->
                  assertThat(table.routes())
                      .isEqualTo(queries.count(RouteQuery.all(1).withNeighbor("n2"))));
      var known =
          Story.rows(life.database, "SELECT DISTINCT origin_as, prefix_key FROM origin_prefix");
      for (long as : ORIGINS) {
        var query = RouteQuery.all(500).withOriginAs(as);
        var found = all(queries.indexed(), query);
        assertThat(found)
            .as("AS " + as)
            .isEqualTo(
                all(queries, query).stream()
                    .filter(
                        row ->
                            known.contains(
                                as
                                    + "|"
                                    + HexFormat.of().formatHex(Prefix.parse(row.prefix()).key())))
                    .toList());
        assertThat(found).as("AS " + as).hasSizeBetween(1, all(queries, query).size() - 1);
        assertThat(queries.indexed().count(query)).isEqualTo(found.size());
        assertThat(originated(queries.indexed(), as))
            .containsExactlyInAnyOrderElementsOf(
                found.stream()
                    .filter(RouteRow::active)
                    .map(RouteRow::prefix)
                    .collect(Collectors.toSet()));
      }

      life.settle();

      assertThat(queries.unindexed()).isEmpty();
      same(life.database, queries.indexed(), random);
    }
  }
}
