package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Prefix;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.Updates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What is over goes when it is old, and nothing else does.
@ParameterizedClass
@EnumSource(Kind.class)
class RetentionTest {
  private static final String A = "192.0.2.1";
  private static final long AS_A = 64500;
  private static final Duration DAY = Duration.ofDays(1);
  private static final DatabaseRetention A_DAY_OF_HISTORY = new DatabaseRetention(DAY, 0, null);
  private static final String SETS = "SELECT count(*) FROM path_attributes";

  private final Kind kind;
  @TempDir Path directory;
  private Story story;

  RetentionTest(Kind kind) {
    this.kind = kind;
  }

  @BeforeEach
  void begin() throws Exception {
    story = new Story(directory, kind).up(A, AS_A);
  }

  @AfterEach
  void end() throws Exception {
    story.close();
  }

  private static Updates announce(long med, String... prefixes) {
    return new Updates().usual(A, AS_A).med(med).nlri(prefixes);
  }

  @Test
  void versionsThatEndedLongAgoGoAndWhatIsHeldStays() throws Exception {
    story
        .update(A, AS_A, announce(1, "192.0.2.0/24", "198.51.100.0/24"))
        .update(A, AS_A, announce(2, "192.0.2.0/24"))
        .pass(DAY.multipliedBy(2))
        .update(A, AS_A, announce(3, "192.0.2.0/24"))
        .keep(A_DAY_OF_HISTORY, story.now().plusSeconds(60));

    story.awaitRows("SELECT version FROM route_history", "2");

    assertThat(story.rows("SELECT prefix, med, active FROM routes ORDER BY prefix"))
        .containsExactly("192.0.2.0/24|3|1", "198.51.100.0/24|1|1");
    var oldest = story.queries.oldest();
    assertThat(oldest).isEqualTo(story.now().plusSeconds(60).minus(DAY));
    assertThat(story.queries.routes(RouteQuery.all(10).withAt(oldest)).routes())
        .as("from then on the past is known")
        .extracting(RouteRow::prefix, RouteRow::med)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple("192.0.2.0/24", 2L),
            org.assertj.core.api.Assertions.tuple("198.51.100.0/24", 1L));
  }

  @Test
  void aRouteThatEndedLongAgoGoesWithItsTextAndIsCountedNoMore() throws Exception {
    String vpn = "7005dc110000fbf400000064c00002";
    story
        .update(A, AS_A, announce(1, "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"))
        .update(A, AS_A, vpn(14, "0c0000000000000000c000020100" + vpn))
        .update(A, AS_A, new Updates().withdraw("192.0.2.0/24"))
        .update(A, AS_A, vpn(15, vpn))
        .pass(DAY.multipliedBy(2))
        .update(A, AS_A, new Updates().withdraw("198.51.100.0/24"))
        .keep(A_DAY_OF_HISTORY, story.now().plusSeconds(60));

    story
        .awaitRows(
            "SELECT prefix, active FROM routes ORDER BY prefix",
            "198.51.100.0/24|0",
            "203.0.113.0/24|1")
        .awaitRows("SELECT text FROM nlri")
        .awaitRows(
            "SELECT family, active, inactive FROM neighbor_family ORDER BY family",
            "257|1|1",
            "384|0|0");

    story
        .update(A, AS_A, announce(4, "192.0.2.0/24"))
        .update(A, AS_A, vpn(14, "0c0000000000000000c000020100" + vpn))
        .settle();
    assertThat(story.rows("SELECT prefix, active, med FROM routes ORDER BY prefix"))
        .as("it may come back")
        .containsExactly(
            "192.0.2.0/24|1|4",
            "198.51.100.0/24|0|1",
            "203.0.113.0/24|1|1",
            "64500:100 192.0.2.0/24|1|");
    story.restartProjector();
    assertThat(story.rows("SELECT active, inactive FROM neighbor_family ORDER BY family"))
        .containsExactly("2|1", "1|0");
  }

  @Test
  void theIndexOfOriginAsesForgetsWhatNoRouteHasAnyMoreAndLearnsItAgain() throws Exception {
    String pairs = "SELECT origin_as FROM origin_prefix ORDER BY origin_as";
    for (long as = 64511; as <= 64514; as++) {
      story.update(A, AS_A, new Updates().usual(A, AS_A, as).nlri("192.0.2.0/24"));
    }
    story
        .update(A, AS_A, new Updates().usual(A, AS_A, 64599).nlri("198.51.100.0/24"))
        .update(A, AS_A, new Updates().withdraw("198.51.100.0/24"))
        .pass(DAY.multipliedBy(2))
        .update(A, AS_A, new Updates().usual(A, AS_A, 64515).nlri("192.0.2.0/24"))
        .settle();
    assertThat(story.rows(pairs))
        .containsExactly("64511", "64512", "64513", "64514", "64515", "64599");

    story.keep(A_DAY_OF_HISTORY, story.now().plusSeconds(60));

    story.awaitRows("SELECT count(*) FROM route_history", "1").awaitRows(pairs, "64514", "64515");
    story.update(A, AS_A, new Updates().usual(A, AS_A, 64511).nlri("192.0.2.0/24")).settle();
    assertThat(story.rows(pairs)).containsExactly("64511", "64514", "64515");
    assertThat(story.queries.routes(RouteQuery.all(10).withOriginAs(64511L)).routes()).hasSize(1);
  }

  private static Updates vpn(int type, String value) {
    return new Updates()
        .origin(0)
        .asPath(AS_A)
        .attribute(0x80, type, HexFormat.of().parseHex("000180" + value));
  }

  @Test
  void whatASessionsEndTookGoesToo() throws Exception {
    story
        .update(A, AS_A, announce(1, "192.0.2.0/24"))
        .down(A, AS_A, SessionCause.HOLD_TIMER_EXPIRED)
        .pass(DAY.multipliedBy(2))
        .up(A, AS_A)
        .keep(A_DAY_OF_HISTORY, story.now());

    story
        .awaitRows("SELECT * FROM route")
        .awaitRows("SELECT active, inactive FROM neighbor_family", "0|0");
  }

  @Test
  void attributeSetsThatNoRouteHasGoAndAreMadeAgainIfTheyComeBack() throws Exception {
    for (int med = 1; med <= 5; med++) {
      story.update(A, AS_A, announce(med, "192.0.2.0/24"));
    }
    story
        .pass(DAY.multipliedBy(2))
        .update(A, AS_A, announce(6, "192.0.2.0/24"))
        .keep(A_DAY_OF_HISTORY, story.now().plusSeconds(60));

    story
        .awaitRows("SELECT version FROM route_history", "5")
        .awaitRows("SELECT med FROM path_attributes ORDER BY id", "5", "6")
        .awaitRows("SELECT count(*) FROM path_attributes", "2");

    story
        .update(A, AS_A, announce(1, "198.51.100.0/24"))
        .update(A, AS_A, announce(6, "203.0.113.0/24"))
        .settle();
    assertThat(story.rows("SELECT prefix, med FROM routes ORDER BY prefix"))
        .containsExactly("192.0.2.0/24|6", "198.51.100.0/24|1", "203.0.113.0/24|6");
    assertThat(story.rows(SETS)).containsExactly("3");
  }

  @Test
  void listsOfCommunitiesThatNoSetHasGoACollectionLater() throws Exception {
    for (int i = 0; i < 4; i++) {
      story.update(A, AS_A, announce(i, "192.0.2.0/24").communities(list(i)));
    }
    story
        .update(A, AS_A, announce(4, "198.51.100.0/24").communities(list(1)))
        .update(A, AS_A, announce(5, "203.0.113.0/24").communities("64500:1"))
        .settle();
    assertThat(story.rows(LISTS))
        .as("each once, and no short one")
        .containsExactly(text(0), text(1), text(2), text(3));
    story
        .pass(DAY.multipliedBy(2))
        .restartProjector()
        .update(A, AS_A, announce(6, "192.0.2.0/24").communities(list(2)))
        .keep(A_DAY_OF_HISTORY, story.now().plusSeconds(60))
        .awaitRows("SELECT count(*) FROM path_attributes", "4");
    assertThat(story.rows(LISTS)).hasSize(5).contains(text(0)).endsWith(text(2));

    story
        .restartProjector()
        .pass(DAY.multipliedBy(2))
        .update(A, AS_A, announce(7, "192.0.2.0/24").communities(list(1)))
        .keep(A_DAY_OF_HISTORY, story.now().plusSeconds(60))
        .awaitRows(LISTS, text(1), text(3), text(2), text(1));

    assertThat(story.rows("SELECT prefix, communities FROM routes ORDER BY prefix"))
        .containsExactly(
            "192.0.2.0/24|" + text(1), "198.51.100.0/24|" + text(1), "203.0.113.0/24|64500:1");
  }

  private static final String LISTS = "SELECT text FROM community_list ORDER BY id";

  private static String[] list(int i) {
    return new String[] {"64500:10" + i, "64500:20" + i};
  }

  private static String text(int i) {
    return String.join(" ", list(i));
  }

  @Test
  void aDatabaseThatIsTooLargeLosesItsOldestHistoryFirst() throws Exception {
    tooLarge(Duration.ZERO);

    long left = Long.parseLong(story.rows("SELECT count(*) FROM route_history").getFirst());
    assertThat(left).isBetween(1L, 59L * 250 - 1);
    assertThat(story.rows("SELECT count(*) FROM route_history WHERE version > 55"))
        .as("the newest are there")
        .containsExactly(Long.toString(4 * 250));
    assertThat(story.rows("SELECT count(*) FROM route")).containsExactly("250");
    assertThat(story.queries.oldest()).isAfter(Story.BEGIN.plusSeconds(10));
  }

  @Test
  void whatEndedWhileTheClockWasAheadLeavesNowToBeAsked() throws Exception {
    story.pass(DAY.multipliedBy(365));
    tooLarge(DAY.multipliedBy(-365));

    assertThat(story.queries.oldest()).isEqualTo(story.now());
    assertThat(story.queries.routes(RouteQuery.all(300)).routes())
        .hasSize(250)
        .extracting(RouteRow::med)
        .containsOnly(60L);
  }

  @Test
  void whatEndedBehindAYearThatTheClockWasAheadIsFound() throws Exception {
    assumeTrue(kind == Kind.SQLITE, "PostgreSQL finds history by its time, wherever it is");
    story.settle().restartProjector(Duration.ofSeconds(20), this::endedInAYear);
    story
        .update(A, AS_A, announce(1, "192.0.2.0/24"))
        .update(A, AS_A, announce(2, "192.0.2.0/24"))
        .pass(DAY.multipliedBy(2))
        .update(A, AS_A, announce(3, "192.0.2.0/24"))
        .keep(A_DAY_OF_HISTORY, story.now().plusSeconds(60));

    story.awaitRows("SELECT version FROM route_history WHERE path_id = -1", "2");

    assertThat(story.rows("SELECT count(*) FROM route_history WHERE path_id <> -1"))
        .as("these are kept until their time has come")
        .containsExactly("45000");
    story.keep(A_DAY_OF_HISTORY, story.now().plus(DAY.multipliedBy(367)));
    story.awaitRows("SELECT count(*) FROM route_history WHERE path_id <> -1", "0");
  }

  /// Writes 45,000 versions into the log.
  private void endedInAYear() {
    try (var connection = story.database.writer();
        var statement =
            connection.prepareStatement(
                """
                WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 45000)
                INSERT INTO route_history (neighbor_id, family, prefix_key, path_id, version,
                  attributes_id, valid_from, packet, ended_at, end_reason)
                SELECT 1, 257, ?, n, 1, 1, 0, 0, ?, 'replaced' FROM number\
                """)) {
      statement.setBytes(1, Prefix.parse("192.0.2.0/24").key());
      statement.setLong(2, Columns.micros(story.now().plus(DAY.multipliedBy(365))));
      statement.executeUpdate();
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Has more than may be kept removed.
  ///
  /// @param time that passes before that
  private void tooLarge(Duration time) throws Exception {
    assumeTrue(kind == Kind.SQLITE, "database-size is for SQLite alone");
    var prefixes = new String[250];
    for (int i = 0; i < prefixes.length; i++) {
      prefixes[i] = "10.0." + i + ".0/24";
    }
    for (int med = 1; med <= 60; med++) {
      story.update(A, AS_A, announce(med, prefixes)).settle();
    }
    story.pass(time);
    long used = Long.parseLong(story.rows(USED).getFirst());
    long limit = used - 400_000;

    story.keep(new DatabaseRetention(null, limit, null), story.now());

    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (Long.parseLong(story.rows(USED).getFirst()) > limit) {
      assertThat(System.nanoTime()).as("it becomes smaller").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static final String USED =
      "SELECT (p.page_count - f.freelist_count) * s.page_size FROM pragma_page_count() p,"
          + " pragma_freelist_count() f, pragma_page_size() s";

  @Test
  void theLogGoesButForTheNewestOfEach() throws Exception {
    story
        .update(A, AS_A, new Updates().attribute(0x40, 1, "07").nlri("192.0.2.0/24"))
        .update(A, AS_A, announce(1, "198.51.100.0/24"))
        .endOfRib(A, AS_A, Family.IPV4_UNICAST)
        .down(A, AS_A, SessionCause.HOLD_TIMER_EXPIRED)
        .settle()
        .pass(DAY.multipliedBy(2))
        .up(A, AS_A)
        .settle();
    assertThat(story.rows("SELECT count(*) > 0 FROM finding")).containsExactly("1");
    String before = story.rows("SELECT max(minute) FROM tally").getFirst();

    story.keep(new DatabaseRetention(null, 0, DAY), story.now());

    story
        .awaitRows("SELECT generation FROM session", "2")
        .awaitRows("SELECT kind FROM event", "up")
        .awaitRows("SELECT count(*) FROM finding", "0")
        .awaitRows("SELECT DISTINCT minute FROM tally", before);
    assertThat(story.rows("SELECT count(*) FROM route")).as("routes stay").containsExactly("1");
  }
}
