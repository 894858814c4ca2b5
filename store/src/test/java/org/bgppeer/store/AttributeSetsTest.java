package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AttributeSetsTest {
  private static final int REMEMBERED = 64;
  private static final int MANY = 32;

  @TempDir Path directory;

  /// One life of the projector as far as attribute sets go; it ends as if it were killed.
  private static final class Life implements AutoCloseable {
    private final Connection reader;
    private final Connection connection;
    private final BatchWriter writer;
    private final AttributeSets sets;

    Life(Database database) throws Exception {
      reader = database.reader();
      connection = database.writer();
      writer = new BatchWriter(connection, database.bulkWriter(connection), Database.LIVE);
      sets = new AttributeSets(reader, REMEMBERED, MANY);
    }

    void commitSets() throws Exception {
      writer.attributeSets(sets.takeFresh());
      writer.commitSets(0);
    }

    boolean moveHashes() throws Exception {
      sets.hashesWritten();
      var part = sets.takeHashes();
      if (part != null) {
        writer.hashes(part);
      }
      return part != null;
    }

    @Override
    public void close() throws Exception {
      writer.close();
      connection.close();
      reader.close();
    }
  }

  /// ORIGIN, NEXT_HOP and a MED that tells it from others.
  static byte[] octets(int which) {
    return ByteBuffer.allocate(18)
        .put(new byte[] {0x40, 1, 1, 0})
        .put(new byte[] {0x40, 3, 4, (byte) 192, 0, 2, 1})
        .put(new byte[] {(byte) 0x80, 4, 4})
        .putInt(which)
        .array();
  }

  @ParameterizedTest
  @EnumSource
  void aSetHasOneNumberWhereverItsHashIs(Kind kind) throws Exception {
    var random = new Random(77);
    Map<Integer, Long> known = new HashMap<>();
    int sets = 0;
    try (var database = kind.open(directory)) {
      for (int life = 0; life < 12; life++) {
        try (var now = new Life(database)) {
          for (int i = 0; i < 1000; i++) {
            boolean isNew = known.isEmpty() || random.nextInt(life % 2 == 0 ? 3 : 12) == 0;
            // some lives are asked for them in their order, as after a restart
            int which = isNew ? sets++ : life % 4 == 3 ? i % sets : random.nextInt(sets);
            long id = now.sets.idOf(octets(which), 1, 1);
            assertThat(known.getOrDefault(which, id)).as("set %d", which).isEqualTo(id);
            known.put(which, id);
            if (random.nextInt(60) == 0) {
              now.commitSets();
            }
            if (random.nextInt(12) == 0) {
              now.moveHashes();
            }
          }
          now.commitSets();
        }
      }
      assertThat(known.values()).doesNotHaveDuplicates();
      try (var now = new Life(database)) {
        while (now.moveHashes()) {
          assertThat(now.sets.areHashesTooMany()).isFalse();
        }
      }
      assertThat(count(database, "path_attributes")).isEqualTo(sets);
      assertThat(count(database, "path_attributes_by_hash"))
          .isBetween(sets - MANY + 1L, (long) sets);
    }
  }

  /// What is done through a connection: questions that were asked, and rows that were read.
  private static final class Counted {
    private long questions;
    private long rows;

    <T> T of(Class<T> type, T it) {
      return type.cast(
          Proxy.newProxyInstance(
              type.getClassLoader(), new Class<?>[] {type}, (_, how, with) -> call(it, how, with)));
    }

    private Object call(Object it, Method how, Object[] with) throws Throwable {
      Object result;
      try {
        result = how.invoke(it, with);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
      questions += how.getName().equals("executeQuery") ? 1 : 0;
      rows += how.getName().equals("next") && Boolean.TRUE.equals(result) ? 1 : 0;
      return switch (result) {
        case PreparedStatement statement -> of(PreparedStatement.class, statement);
        case ResultSet set -> of(ResultSet.class, set);
        case null, default -> result;
      };
    }
  }

  /// After a restart a neighbor sends its table again in the order in which it sent it before. But
  /// where many send theirs for the first time, and a set comes back here and there, those behind
  /// it
  /// are of others.
  @Test
  void setsBehindOneAreReadAsFarAsTheyAreAskedFor() throws Exception {
    int count = 4000;
    try (var database = Kind.SQLITE.open(directory)) {
      try (var now = new Life(database)) {
        for (int i = 0; i < count; i++) {
          now.sets.idOf(octets(i), 1, 1);
          if (i % 20 == 19) {
            now.commitSets();
          }
        }
        while (now.moveHashes()) {
          assertThat(now.sets.freshCount()).isZero();
        }
      }

      var again = new Counted();
      try (var reader = database.reader()) {
        var sets = new AttributeSets(again.of(Connection.class, reader), 256, MANY);
        again.questions = 0;
        for (int i = 0; i < count; i++) {
          sets.idOf(octets(i), 2, 2);
        }
        assertThat(sets.freshCount()).isZero();
      }
      assertThat(again.questions).isLessThan(count / 20);

      var others = new Counted();
      try (var reader = database.reader()) {
        var sets = new AttributeSets(others.of(Connection.class, reader), 256, MANY);
        others.rows = 0;
        for (int i = 0; i < count; i++) {
          sets.idOf(octets(i % 50 == 0 ? i : count + i), 2, 2);
        }
        assertThat(sets.freshCount()).isEqualTo(count / 50 * 49);
      }
      assertThat(others.rows).isLessThan(count / 50 * 4);
    }
  }

  /// A page that rows are put between keeps free room for ever.
  @Test
  void pagesAreFullWhateverSetsHave() throws Exception {
    var random = new Random(5);
    try (var database = Kind.SQLITE.open(directory)) {
      try (var now = new Life(database)) {
        for (int which = 0; which < 4000; which++) {
          String asPath = "4002120204" + "0000fbf5".repeat(3) + "%08x".formatted(which);
          String largeCommunity = random.nextInt(5) > 0 ? "" : "c0200c0000fbf00000000100000002";
          String set = "40010100" + asPath + "400304c0000201" + largeCommunity;
          now.sets.idOf(HexFormat.of().parseHex(set), 1, 1);
          if (which % 1000 == 999) {
            now.commitSets();
          }
        }
      }
      assertThat(
              Story.rows(
                  database,
                  "SELECT sum(unused) * 100 / sum(pgsize) < 4 FROM dbstat"
                      + " WHERE name = 'path_attributes' AND pagetype = 'leaf'"))
          .containsExactly("1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHashThatIsOfAnotherSetIsNoneOfThisOne(Kind kind) throws Exception {
    try (var database = kind.open(directory)) {
      try (var now = new Life(database)) {
        for (int i = 0; i < 200; i++) {
          now.sets.idOf(octets(i), 1, 1);
        }
        now.commitSets();
        while (now.moveHashes()) {
          assertThat(now.sets.freshCount()).isZero();
        }
        var hash = AttributeSets.hash(now.connection);
        hash.of(octets(1000));
        now.writer.hashes(new AttributeSets.Hashes(List.of(new HashKey(hash.first(), 1)), 0));
        long id = now.sets.idOf(octets(1000), 1, 1);
        assertThat(id).isEqualTo(201);
        assertThat(now.sets.freshCount()).isEqualTo(1);
      }
    }
  }

  /// As version 14 of the tables does it.
  @ParameterizedTest
  @EnumSource
  void hashesWithAnotherKeyAreMadeFromTheSets(Kind kind) throws Exception {
    int count = 3 * REMEMBERED;
    try (var database = kind.open(directory)) {
      try (var now = new Life(database)) {
        for (int i = 0; i < count; i++) {
          now.sets.idOf(octets(i), 1, 1);
          now.commitSets();
          now.moveHashes();
        }
        try (var key =
            now.connection.prepareStatement(
                "UPDATE path_attributes_hashed SET up_to = 0, hash_key = ?")) {
          key.setBytes(1, "0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
          key.executeUpdate();
        }
        now.writer.update("DELETE FROM path_attributes_by_hash");
        now.connection.commit();
      }
      try (var now = new Life(database)) {
        while (now.moveHashes()) {
          assertThat(now.sets.freshCount()).isZero();
        }
        for (int i = 0; i < count; i++) {
          assertThat(now.sets.idOf(octets(i), 1, 1)).isEqualTo(i + 1);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNumberThatWasGivenIsNotGivenAgain(Kind kind) throws Exception {
    try (var database = kind.open(directory)) {
      try (var now = new Life(database)) {
        for (int i = 0; i < 100; i++) {
          now.sets.idOf(octets(i), 1, 1);
        }
        now.commitSets();
        while (now.moveHashes()) {
          assertThat(now.sets.freshCount()).isZero();
        }
        now.writer.remove(
            new SetCollection.Unused(LongStream.rangeClosed(51, 100).toArray(), new long[0]));
      }
      try (var now = new Life(database)) {
        assertThat(now.sets.idOf(octets(7), 1, 1)).isEqualTo(8);
        assertThat(now.sets.idOf(octets(70), 1, 1)).isGreaterThan(90);
      }
      assertThat(count(database, "path_attributes")).isEqualTo(50);
    }
  }

  private static long count(Database database, String table) throws Exception {
    try (var connection = database.reader();
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT count(*) FROM " + table)) {
      row.next();
      return row.getLong(1);
    }
  }
}
