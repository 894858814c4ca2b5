package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.bgppeer.journal.Journal;
import org.bgppeer.journal.JournalOptions;
import org.bgppeer.journal.JournalReader;
import org.bgppeer.journal.Position;
import org.bgppeer.wire.MrtRecord;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The database and [ReferenceModel] read the same journal and say the same: what is held now, each
/// version that ever was, and what was held at any moment, changes' own moments included; wherever
/// batches and lives of the projector ended, in the middle of a batch that is written neighbor by
/// neighbor too, and once more from the whole journal.
class ReferenceModelTest {
  /// More with `-Dstories=1000`.
  private static final long STORIES = Long.getLong("stories", 4);

  private static final int STEPS = 400;
  private static final int MANY = 1_000_000;
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Path REAL = Path.of("../../shared/data/mrt");

  @TempDir Path directory;

  static Stream<Arguments> stories() {
    return Stream.of(Kind.values())
        .flatMap(kind -> LongStream.range(0, STORIES).mapToObj(seed -> Arguments.of(seed, kind)));
  }

  @ParameterizedTest(name = "story {0}, {1}")
  @MethodSource("stories")
  void whatIsInTheDatabaseIsWhatHappened(long seed, Kind kind) throws Exception {
    var random = new Random(~seed);
    var records = GeneratedStory.records(seed, STEPS);
    var model = new ReferenceModel(true);
    try (var journal = journal();
        var reader = Records.of(JournalReader.of(directory.resolve("journal"), null))) {
      for (int from = 0; from < records.size(); ) {
        if (random.nextInt(3) == 0) {
          int to = Math.min(records.size(), from + 1 + random.nextInt(60));
          append(journal, records.subList(from, to));
          from = to;
          try (var database = kind.open(directory)) {
            cutOff(database, journal, random);
          }
        }
        // A life of the projector: it reads some of it at once, some as it comes, and ends.
        try (var database = kind.open(directory);
            var projector = follow(database, journal, random.nextBoolean() ? 5 : MANY)) {
          for (int parts = 1 + random.nextInt(4); parts > 0; parts--) {
            int to = Math.min(records.size(), from + 1 + random.nextInt(60));
            append(journal, records.subList(from, to));
            from = to;
            assertThat(projector.await(journal.end(), LONG)).isTrue();
          }
          readAll(reader, model);
          same(database.queries(null), model);
          if (random.nextInt(4) == 0) {
            ValueAnswers.same(database.queries(null), null, random, 1);
          }
        }
      }
      try (var database = kind.open(directory)) {
        past(database.queries(null), model, random);
      }
      var again = Files.createDirectories(directory.resolve("again"));
      try (var database = kind.open(again);
          var projector = follow(database, journal, 10)) {
        assertThat(projector.await(journal.end(), LONG)).isTrue();
        same(database.queries(null), model);
        past(database.queries(null), model, random);
      }
      try (var database = kind.open(again)) {
        muted(database, model, random);
      }
    }
  }

  /// What is muted is in no answer but to who asks for it.
  private static void muted(Database database, ReferenceModel model, Random random)
      throws SQLException {
    var queries = database.queries(null);
    var neighbors = queries.neighbors();
    var muted = neighbors.get(random.nextInt(neighbors.size()));
    String its = muted.address() + " AS" + muted.as() + "|";
    database.mute(Set.of(muted.name()));
    for (var moment : moments(model, random, 3)) {
      var held = model.noted(moment);
      assertThat(at(queries, moment, 20))
          .isEqualTo(held.stream().filter(line -> !line.startsWith(its)).toList());
      assertThat(all(queries, RouteQuery.all(20).withAt(moment).withNeighbor(muted.name())))
          .isEqualTo(held.stream().filter(line -> line.startsWith(its)).toList());
    }
    var current = model.current();
    assertThat(all(queries, RouteQuery.all(20)))
        .isEqualTo(current.stream().filter(line -> !line.startsWith(its)).toList());
    assertThat(all(queries, RouteQuery.all(20).withNeighbor(muted.name())))
        .isEqualTo(current.stream().filter(line -> line.startsWith(its)).toList());
  }

  private static void past(Queries queries, ReferenceModel model, Random random) {
    histories(queries, model, model.nlris());
    for (var moment : moments(model, random, 20)) {
      assertThat(at(queries, moment, 20))
          .as("at " + moment)
          .isEqualTo(model.noted(moment))
          .isEqualTo(model.at(moment));
      assertThat(neighborsAt(queries, moment))
          .as("neighbors at " + moment)
          .isEqualTo(model.notedNeighbors(moment));
      if (random.nextInt(8) == 0) {
        ValueAnswers.same(queries, moment, random, 1);
      }
    }
  }

  @Test
  void theStoriesHaveARouteThatEndedForEachReason() throws Exception {
    var reasons = new TreeSet<String>();
    for (long seed = 0; seed < 20; seed++) {
      var model = new ReferenceModel(false);
      for (byte[] records : GeneratedStory.records(seed, STEPS)) {
        for (int from = 0; from < records.length; ) {
          int to = from + (int) MrtRecord.length(records, from);
          model.read(MrtRecord.of(records, from, to), 1);
          from = to;
        }
      }
      for (String nlri : model.nlris()) {
        model.history(nlri).forEach(line -> reasons.add(line.split("\\|", -1)[11]));
      }
    }

    assertThat(reasons)
        .contains(
            "withdrawn",
            "replaced",
            "session-down",
            "graceful-restart-stale",
            "llgr-stale",
            "no-llgr",
            "treat-as-withdraw",
            "not-resent-before-End-of-RIB",
            "not-resent-in-refresh");
  }

  static Stream<Arguments> archives() {
    return Stream.of(Kind.values())
        .flatMap(
            kind ->
                Stream.of(
                        "ripe-updates.20100722.gz",
                        "ris-updates-20220119.mrt",
                        "rrc03-updates-20100227-first796.gz",
                        "mrtparse-quagga_bgp")
                    .map(file -> Arguments.of(file, kind)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("archives")
  void whatIsInTheDatabaseIsWhatAnArchiveSays(String file, Kind kind) throws Exception {
    assumeTrue(Files.isDirectory(REAL), "../shared/data/mrt is not here");
    var random = new Random(1);
    var model = new ReferenceModel(false);
    try (var journal = journal();
        var database = kind.open(directory);
        var projector = follow(database, journal, 1000);
        var reader = Records.of(JournalReader.of(directory.resolve("journal"), null))) {
      append(journal, records(REAL.resolve(file)));
      assertThat(projector.await(journal.end(), LONG)).isTrue();
      readAll(reader, model);
      var queries = database.queries(null);
      same(queries, model);
      var nlris = new ArrayList<>(model.nlris());
      assertThat(nlris).isNotEmpty();
      var some = random.ints(100, 0, nlris.size()).distinct().mapToObj(nlris::get).toList();
      histories(queries, model, some);
      for (var moment : moments(model, random, 4)) {
        assertThat(at(queries, moment, 5000)).as("at " + moment).isEqualTo(model.at(moment));
      }
      ValueAnswers.same(queries, null, random, 2);
    }
  }

  private Journal journal() throws IOException {
    var options =
        JournalOptions.defaults()
            .withClock(() -> Story.BEGIN)
            .withFsync(Duration.ofMillis(1))
            .withGzip(false);
    return Journal.open(directory.resolve("journal"), options);
  }

  /// @param routes of a batch in memory
  private static Projector follow(Database database, Journal journal, int routes) {
    return Projector.start(
        database,
        Database.LIVE,
        from -> Records.of(journal.reader(from)),
        InstantSource.fixed(Story.BEGIN),
        DatabaseRetention.FOR_EVER,
        new Projector.Gather(routes, Duration.ofMillis(1)));
  }

  /// A life that ends when it has written some parts of a batch.
  private static void cutOff(Database database, Journal journal, Random random) throws Exception {
    try (Connection read = database.reader();
        Connection write = database.writer();
        var batch = new Batch();
        var writer = new BatchWriter(write, database.bulkWriter(write), Database.LIVE)) {
      var projection = new Projection(read, Database.LIVE);
      try (var records = Records.of(journal.reader(position(read)))) {
        while (records.next(Duration.ZERO)) {
          int end = records.offset() + records.length();
          projection.read(
              MrtRecord.of(records.buffer(), records.offset(), end),
              records.packet(),
              records.after(),
              null,
              batch);
          if (random.nextInt(5) == 0) {
            batch.spill(database.scratch());
          }
        }
      }
      projection.finish(batch);
      writer.attributeSets(projection.takeFreshSets());
      var position = batch.position();
      batch.seal();
      var parts = batch.takeParts();
      for (int count = random.nextInt(parts.size()); position != null && count > 0; count--) {
        writer.writeAhead(parts.remove(), position, batch.projectedAt());
      }
    }
  }

  private static @Nullable Position position(Connection read) throws SQLException {
    try (var statement = read.createStatement();
        var row = statement.executeQuery("SELECT journal_segment, journal_offset FROM follower")) {
      return row.next() ? new Position(row.getString(1), row.getLong(2)) : null;
    }
  }

  private static void append(Journal journal, List<byte[]> records) throws Exception {
    for (var record : records) {
      journal.append(record, 0, record.length);
    }
    journal.flush(LONG);
  }

  private static void readAll(Records reader, ReferenceModel model) throws Exception {
    while (reader.next(Duration.ZERO)) {
      model.read(
          MrtRecord.of(reader.buffer(), reader.offset(), reader.offset() + reader.length()),
          reader.packet());
    }
  }

  private static void same(Queries queries, ReferenceModel model) {
    assertThat(all(queries, RouteQuery.all(5000))).isEqualTo(model.current());
    within(queries, Prefix.parse("0.0.0.0/0"), 3);
    within(queries, Prefix.parse("::/0"), 2);
    for (var neighbor : queries.neighbors()) {
      var text = new StringBuilder();
      for (var family : neighbor.families()) {
        long active = all(queries, family(neighbor, family).withActive(true)).size();
        long inactive = all(queries, family(neighbor, family).withActive(false)).size();
        if (family.active() != active || family.inactive() != inactive) {
          text.append("counted %s %s %d, %d".formatted(neighbor.name(), family, active, inactive));
        }
        if (family.active() > 0) {
          text.append(
              ", %s %d (%d stale)".formatted(family.family(), family.active(), family.stale()));
        }
      }
      assertThat(state(neighbor) + text)
          .isEqualTo(model.neighbors().get(neighbor.address() + " AS" + neighbor.as()));
    }
  }

  /// What lies within a prefix, page by page, is what its routes say.
  private static void within(Queries queries, Prefix prefix, int limit) {
    var expected = new TreeMap<String, Long>();
    queries.eachRoute(
        RouteQuery.all(100).withPrefix(prefix, RouteQuery.Match.LONGER),
        row -> {
          if (!row.prefix().equals(prefix.toString())) {
            expected.merge(row.family() + " " + row.prefix(), 1L, Long::sum);
          }
        });
    var found = new TreeMap<String, Long>();
    Prefix after = null;
    while (true) {
      var page = queries.moreSpecific(prefix, after, limit);
      assertThat(page).hasSizeLessThanOrEqualTo(limit);
      if (page.isEmpty()) {
        break;
      }
      for (var row : page) {
        found.put(row.family() + " " + row.prefix(), (long) row.active() + row.inactive());
        var at = Prefix.parse(row.prefix());
        assertThat(after == null || Arrays.compareUnsigned(after.key(), at.key()) <= 0).isTrue();
        after = at;
      }
    }
    assertThat(found).isEqualTo(expected);
  }

  private static RouteQuery family(NeighborRow neighbor, NeighborRow.FamilyCount family) {
    return RouteQuery.all(5000).withNeighbor(neighbor.name()).withFamily(family.family());
  }

  private static List<String> at(Queries queries, Instant moment, int page) {
    var lines = all(queries, RouteQuery.all(page).withAt(moment));
    assertThat(queries.count(RouteQuery.all(1).withAt(moment))).isEqualTo(lines.size());
    return lines;
  }

  private static Map<String, String> neighborsAt(Queries queries, Instant moment) {
    var result = new TreeMap<String, String>();
    for (var neighbor : queries.neighbors(moment)) {
      var text = new StringBuilder();
      for (var family : neighbor.families()) {
        if (family.active() > 0) {
          text.append(", ").append(family.family()).append(' ').append(family.active());
        }
      }
      result.put(neighbor.address() + " AS" + neighbor.as(), state(neighbor) + text);
    }
    return result;
  }

  private static String state(NeighborRow neighbor) {
    String state = neighbor.state().toString();
    return (state.equals("RECEIVING") ? "UP" : state) + " since " + neighbor.since();
  }

  /// All pages of a query.
  private static List<String> all(Queries queries, RouteQuery query) {
    var lines = new ArrayList<String>();
    for (var next = query; next != null; ) {
      var page = queries.routes(next);
      page.routes().forEach(row -> lines.add(ReferenceModel.line(row, query.at() != null)));
      next = page.next() == null ? null : next.withAfter(page.next());
    }
    return lines.stream().sorted().toList();
  }

  private static void histories(Queries queries, ReferenceModel model, Iterable<String> nlris) {
    for (String nlri : nlris) {
      var rows =
          nlri.indexOf(' ') < 0
              ? queries.history(Prefix.parse(nlri), 10_000)
              : queries.history(nlri, 10_000);
      assertThat(rows.stream().map(row -> ReferenceModel.line(row, false)).toList())
          .containsExactlyInAnyOrderElementsOf(model.history(nlri));
    }
    severalHistories(queries, model, nlris);
  }

  /// Asked for together, prefixes have the versions that each has alone; since a moment, at least
  /// those that were held then or later.
  private static void severalHistories(
      Queries queries, ReferenceModel model, Iterable<String> nlris) {
    var prefixes = new ArrayList<Prefix>();
    for (String nlri : nlris) {
      if (nlri.indexOf(' ') < 0 && prefixes.size() < 50) {
        prefixes.add(Prefix.parse(nlri));
      }
    }
    var moments = List.copyOf(model.moments());
    var since = moments.get(moments.size() / 2);
    var alone = new ArrayList<RouteRow>();
    prefixes.forEach(prefix -> alone.addAll(queries.history(prefix, 10_000)));
    assertThat(queries.history(prefixes, null, 100_000)).containsExactlyInAnyOrderElementsOf(alone);
    assertThat(queries.history(prefixes, since, 100_000))
        .doesNotHaveDuplicates()
        .isSubsetOf(alone)
        .containsAll(heldSince(alone, since));
    var some = new ArrayList<Queries.NeighborPrefix>();
    var held = new HashMap<Prefix, Set<String>>();
    prefixes.forEach(prefix -> held.put(prefix, new HashSet<>()));
    for (var row : alone) {
      var one = new Queries.NeighborPrefix(row.neighbor(), Prefix.parse(row.prefix()));
      if (some.size() < 20 && one.hashCode() % 2 == 0 && !some.contains(one)) {
        some.add(one);
      }
      if (row.active()) {
        held.computeIfAbsent(one.prefix(), _ -> new HashSet<>()).add(row.neighbor());
      }
    }
    var ofSome =
        alone.stream()
            .filter(
                row ->
                    some.contains(
                        new Queries.NeighborPrefix(row.neighbor(), Prefix.parse(row.prefix()))))
            .toList();
    assertThat(queries.histories(some, since, 100_000))
        .doesNotHaveDuplicates()
        .isSubsetOf(ofSome)
        .containsAll(heldSince(ofSome, since));
    assertThat(queries.holders(prefixes)).isEqualTo(held);
  }

  /// Versions that were held at a moment or later, by the newest word.
  ///
  /// @param versions of a path oldest first
  private static List<RouteRow> heldSince(List<RouteRow> versions, Instant since) {
    var held = new ArrayList<RouteRow>();
    var paths = new TreeSet<String>(); // of which the others are older than the newest word
    for (var row : versions.reversed()) {
      String path = row.neighbor() + " " + row.family() + " " + row.prefix() + " " + row.pathId();
      boolean over = row.validTo() != null && !row.validTo().isAfter(since);
      if (!paths.contains(path) && !over) {
        held.add(row);
      }
      if (over || !row.validFrom().isAfter(since)) {
        paths.add(path);
      }
    }
    return held;
  }

  /// Some moments at which something changed, and some just before and between them.
  private static List<Instant> moments(ReferenceModel model, Random random, int count) {
    var all = new ArrayList<>(model.moments());
    var some = new TreeSet<Instant>();
    some.add(all.getFirst().minusNanos(1_000));
    some.add(all.getLast().plusSeconds(1));
    for (int i = 0; i < count; i++) {
      var moment = all.get(random.nextInt(all.size()));
      some.add(moment);
      some.add(moment.minusNanos(1_000L * (1 + random.nextInt(1_000_000))));
      some.add(moment.minusNanos(1_000));
    }
    return List.copyOf(some);
  }

  /// The records of a file, plain or gzip.
  private static List<byte[]> records(Path file) throws IOException {
    byte[] all = Files.readAllBytes(file);
    if (all[0] == 0x1f) {
      all = new GZIPInputStream(new ByteArrayInputStream(all)).readAllBytes();
    }
    var records = new ArrayList<byte[]>();
    for (int from = 0; from < all.length; ) {
      int length = (int) MrtRecord.length(all, from);
      if (from + length > all.length) {
        break; // cut in the middle, as some are
      }
      if (length >= 12 + 4 + 16) { // some end in a stub
        records.add(java.util.Arrays.copyOfRange(all, from, from + length));
      }
      from += length;
    }
    return records;
  }
}
