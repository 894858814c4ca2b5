package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.Updates;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is counted for a moment is what is listed for it.
class HeldCountsTest {
  private static final String A = "192.0.2.1";
  private static final long AS_A = 64500;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Kind.class)
  void countsAreThoseOfWhatIsListedThoughTheClockIsSetBack(Kind kind) throws Exception {
    var random = new Random(5);
    try (var story = new Story(directory, kind)) {
      story.up(A, AS_A);
      announceAndWithdraw(story, random, "10.0.");
      story.restartProjector();
      story.pass(Duration.ofSeconds(-150));
      announceAndWithdraw(story, random, "10.1.");
      story.update(A, AS_A, new Updates().usual(A, AS_A).nlri("10.2.0.0/16"));
      story.pass(Duration.ofSeconds(-40));
      story.update(A, AS_A, new Updates().withdraw("10.2.0.0/16")).settle();

      assertThat(story.rows("SELECT count(*) > 1 FROM held")).containsExactly("1");
      for (int second = 0; second < 400; second += 7) {
        same(story, Story.BEGIN.plusSeconds(second));
        same(story, Story.BEGIN.plusSeconds(second).plusNanos(500_000));
      }
    }
  }

  /// An hour of routes, then the clock goes back by most of it: what is said then counts from that
  /// moment on, whatever was said of later ones before.
  @ParameterizedTest
  @EnumSource(Kind.class)
  void ofAMomentThatWasTwiceTheNewestWordCounts(Kind kind) throws Exception {
    String[] paths = {"64500 64511", "64500 64512", "64500 64513"};
    try (var story = new Story(directory, kind)) {
      story.up(A, AS_A).update(A, AS_A, new Updates().usual(A, AS_A, 64511).nlri("10.0.0.0/8"));
      Instant first = story.now();
      story.pass(Duration.ofHours(1));
      story.update(A, AS_A, new Updates().usual(A, AS_A, 64512).nlri("10.0.0.0/8"));
      Instant late = story.now();
      story.pass(Duration.ofMinutes(-30));
      story.update(A, AS_A, new Updates().usual(A, AS_A, 64513).nlri("10.0.0.0/8"));
      Instant again = story.now();
      story.settle();

      for (Instant at : new Instant[] {first, again.minusSeconds(1)}) {
        assertThat(paths(story, at)).containsExactly(paths[0]);
        same(story, at);
      }
      for (Instant at : new Instant[] {again, late.minusSeconds(1), late, late.plusSeconds(1)}) {
        assertThat(paths(story, at)).containsExactly(paths[2]);
        same(story, at);
      }
      story.pass(Duration.ofMinutes(-10));
      story.down(A, AS_A, SessionCause.HOLD_TIMER_EXPIRED).settle();
      assertThat(paths(story, story.now().minusSeconds(1))).containsExactly(paths[0]);
      for (Instant at : new Instant[] {story.now(), again, late}) {
        assertThat(paths(story, at)).isEmpty();
        same(story, at);
      }
    }
  }

  private static List<String> paths(Story story, Instant at) {
    return story.queries.routes(RouteQuery.all(10).withAt(at)).routes().stream()
        .map(RouteRow::asPath)
        .toList();
  }

  private static void announceAndWithdraw(Story story, Random random, String begin) {
    for (int i = 0; i < 200; i++) {
      String prefix = begin + random.nextInt(12) + ".0/24";
      story.update(
          A,
          AS_A,
          random.nextInt(3) == 0
              ? new Updates().withdraw(prefix)
              : new Updates().usual(A, AS_A, 64510 + random.nextInt(2)).nlri(prefix));
    }
  }

  private static void same(Story story, Instant moment) {
    long counted =
        story.queries.neighbors(moment).stream()
            .flatMap(neighbor -> neighbor.families().stream())
            .mapToLong(NeighborRow.FamilyCount::active)
            .sum();
    assertThat(counted)
        .as("at " + moment)
        .isEqualTo(story.queries.count(RouteQuery.all(1).withAt(moment)));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatWasBeforeCountsWereKeptIsCountedRouteByRoute(Kind kind) throws Exception {
    try (var story = new Story(directory, kind)) {
      story.up(A, AS_A);
      story.update(A, AS_A, new Updates().usual(A, AS_A).nlri("10.0.0.0/8", "10.1.0.0/16"));
      var early = story.now();
      story.update(A, AS_A, new Updates().withdraw("10.1.0.0/16")).settle();
      story.execute("DELETE FROM held");
      story.execute("INSERT INTO kept VALUES ('held', " + (Columns.micros(story.now()) + 1) + ")");

      same(story, early);
      assertThat(story.queries.count(RouteQuery.all(1).withAt(early))).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void countsOfMomentsThatAreNotKeptGo(Kind kind) throws Exception {
    var day = Duration.ofDays(1);
    try (var story = new Story(directory, kind)) {
      story.up(A, AS_A);
      for (int i = 0; i < 300; i++) {
        story.update(A, AS_A, new Updates().usual(A, AS_A).nlri("10.0." + i % 256 + ".0/24"));
      }
      story.update(A, AS_A, new Updates().withdraw("10.0.1.0/24", "10.0.2.0/24"));
      story.pass(day.multipliedBy(3));
      story.update(A, AS_A, new Updates().usual(A, AS_A).nlri("10.0.1.0/24", "10.0.2.0/24"));
      var then = story.now();
      story.update(A, AS_A, new Updates().withdraw("10.0.2.0/24"));
      story.down(A, AS_A, SessionCause.HOLD_TIMER_EXPIRED).settle();
      assertThat(story.rows("SELECT count(*) > 1 FROM held")).containsExactly("1");

      story.keep(new DatabaseRetention(day, 0, null), story.now());

      story.awaitRows("SELECT count(*) FROM held", "1");
      same(story, then);
      same(story, story.now());
    }
  }
}
