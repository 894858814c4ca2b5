package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bgppeer.store.OriginIndex.Table;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ValueRowsTest {
  private static final List<String> VALUES =
      List.of("a64500", "a64501", "c64500:1", "c64500:2", "c64500:30", "n192.0.2.1", "o64500");

  @TempDir Path directory;

  /// What there is of all tables, as who asks reads it: where each value may be, by the number of
  /// the neighbor, the family and the value.
  static Map<String, BitSet> all(Database database) throws Exception {
    var all = new TreeMap<String, BitSet>();
    for (String row :
        Story.rows(database, "SELECT neighbor_id, family, value, stretches FROM value_stretch")) {
      int end = row.lastIndexOf('|');
      add(all, row.substring(0, end), row.substring(end + 1));
    }
    for (String row :
        Story.rows(database, "SELECT neighbors, family, value, stretches FROM value_shared")) {
      String[] columns = row.split("\\|", -1);
      var neighbors = numbers(columns[0]);
      assertThat(neighbors.size()).as(row).isPositive();
      for (int i = 0; i < neighbors.size(); i++) {
        add(all, neighbors.get(i) + "|" + columns[1] + "|" + columns[2], columns[3]);
      }
    }
    return all;
  }

  private static void add(Map<String, BitSet> all, String value, String stretches) {
    numbers(stretches).addTo(all.computeIfAbsent(value, _ -> new BitSet()));
  }

  private static NumberSet numbers(String hex) {
    return NumberSet.decode(HexFormat.of().parseHex(hex));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void eachTableHasTheValuesThatItWasGivenWhereItWasGivenThem(Kind kind) throws Exception {
    var random = new Random(1);
    var model = new TreeMap<String, BitSet>();
    try (var database = kind.open(directory);
        var connection = database.writer()) {
      var rows = new ValueRows(connection);
      for (int i = 0; i < 300; i++) {
        var table = new Table(1 + random.nextInt(5), random.nextInt(4) == 0 ? 513 : 257);
        var range = random.nextInt(3) == 0 ? range(random) : null;
        var given = given(random, range);
        if (range == null) {
          rows.add(table, given);
        } else {
          rows.replace(table, range, given);
          VALUES.stream()
              .filter(value -> isIn(value, range))
              .forEach(value -> model.remove(key(table, value)));
        }
        for (var row : given) {
          row.stretches().addTo(model.computeIfAbsent(key(table, row.value()), _ -> new BitSet()));
        }
        connection.commit();

        var there = all(database);
        assertThat(there.keySet()).isEqualTo(model.keySet());
        for (var expected : model.entrySet()) {
          var missing = (BitSet) expected.getValue().clone();
          missing.andNot(there.get(expected.getKey()));
          assertThat(missing.isEmpty()).as(expected.getKey()).isTrue();
        }
      }
      assertThat(Story.rows(database, "SELECT count(*) > 0 FROM value_stretch"))
          .containsExactly("1");
    }
  }

  private static String key(Table table, String value) {
    return table.neighborId() + "|" + table.family() + "|" + value;
  }

  private static OriginWalk.Range range(Random random) {
    return new OriginWalk.Range(
        random.nextBoolean() ? "" : "a64501", random.nextBoolean() ? null : "c64500:2");
  }

  private static boolean isIn(String value, OriginWalk.Range range) {
    return value.compareTo(range.behind()) > 0
        && (range.to() == null || value.compareTo(range.to()) <= 0);
  }

  private static List<ValueStretches> given(Random random, OriginWalk.@Nullable Range range) {
    var given = new ArrayList<ValueStretches>();
    for (String value : VALUES) {
      if (random.nextBoolean() && (range == null || isIn(value, range))) {
        var in = NumberSet.none();
        for (int n = random.nextInt(5) == 0 ? 40 : 1; n > 0; n--) {
          in.add(random.nextInt(random.nextInt(4) == 0 ? 16_384 : 4));
        }
        given.add(new ValueStretches(value, in));
      }
    }
    return given;
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aValueInAboutTheSameStretchesIsOneRowForAllNeighbors(Kind kind) throws Exception {
    try (var database = kind.open(directory);
        var connection = database.writer()) {
      var rows = new ValueRows(connection);
      for (int neighbor = 1; neighbor <= 150; neighbor++) {
        var many = NumberSet.none();
        IntStream.range(neighbor, 200 + neighbor % 3).forEach(i -> many.add(10 * i));
        rows.add(
            new Table(neighbor, 257),
            List.of(
                new ValueStretches("c64500:1", NumberSet.of(neighbor % 3)),
                new ValueStretches("c64500:2", many)));
      }
      connection.commit();

      assertThat(
              Story.rows(
                  database,
                  "SELECT value, stretches, neighbors FROM value_shared WHERE value = 'c64500:1'"))
          .containsExactly("c64500:1|0101|039401");
      assertThat(all(database).keySet()).hasSize(300);
      assertThat(
              Story.rows(
                  database,
                  "SELECT min(neighbor_id), value FROM value_stretch" + " GROUP BY value"))
          .as("100 of 200 stretches, and no less")
          .containsExactly("102|c64500:2");
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aTableThatHasAValueElsewhereOrSeldomDoesNotShareIt(Kind kind) throws Exception {
    try (var database = kind.open(directory);
        var connection = database.writer()) {
      var rows = new ValueRows(connection);
      var many = NumberSet.none();
      var others = NumberSet.none();
      IntStream.range(0, 50).forEach(i -> many.add(100 * i));
      IntStream.range(0, 51).forEach(i -> others.add(1 + 100 * i));
      rows.add(new Table(1, 257), List.of(new ValueStretches("c64500:1", NumberSet.of(3))));
      rows.add(new Table(2, 257), List.of(new ValueStretches("c64500:1", many)));
      rows.add(new Table(3, 257), List.of(new ValueStretches("c64500:2", many)));
      rows.add(new Table(4, 257), List.of(new ValueStretches("c64500:2", NumberSet.of(100))));
      rows.add(new Table(5, 257), List.of(new ValueStretches("c64500:2", others)));
      rows.add(new Table(6, 257), List.of(new ValueStretches("c64500:2", many)));
      var tooMany = NumberSet.none();
      IntStream.range(0, 2_000).forEach(i -> tooMany.add(3 * i));
      rows.add(new Table(7, 257), List.of(new ValueStretches("c64500:3", tooMany)));
      connection.commit();

      assertThat(Story.rows(database, "SELECT neighbor_id FROM value_stretch"))
          .containsExactlyInAnyOrder("2", "4", "5", "7");
      var hundred = new BitSet();
      hundred.set(100);
      var those = new BitSet();
      many.addTo(those);
      assertThat(all(database))
          .containsEntry("4|257|c64500:2", hundred)
          .containsEntry("6|257|c64500:2", those);
    }
  }
}
