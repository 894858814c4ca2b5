package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.bgppeer.wire.Prefix;
import org.bgppeer.wire.Updates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/// What stands in the projector's way is said in one line, and nothing of the journal is lost.
class TroubleTest {
  private static final String A = "192.0.2.1";
  private static final long AS_A = 64500;
  private static final String ROUTES =
      "SELECT prefix, active, as_path FROM routes ORDER BY prefix, active";

  @TempDir Path directory;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("bgp-peer.store");

  @BeforeEach
  void listen() {
    logger.setLevel(Level.INFO);
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(log);
    logger.setLevel(null); // as its parent again
  }

  private static Updates announce(long as, String... prefixes) {
    return new Updates().usual(A, AS_A, as).nlri(prefixes);
  }

  /// The first line that has these words.
  private String awaitSaid(String words) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (true) {
      for (var event : List.copyOf(log.list)) {
        if (event.getFormattedMessage().contains(words)) {
          assertThat(event.getThrowableProxy()).as("no stack trace").isNull();
          return event.getFormattedMessage();
        }
      }
      assertThat(System.nanoTime()).as("it says: %s", words).isLessThan(deadline);
      LockSupport.parkNanos(20_000_000);
    }
  }

  @Test
  void whileAnotherProgramLocksTheDatabaseTheJournalGoesOnAndThenTheDatabaseCatchesUp()
      throws Exception {
    Path file = directory.resolve("bgp-peer.db");
    try (var story = new Story(directory);
        Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = other.createStatement()) {
      story.up(A, AS_A).update(A, AS_A, announce(64511, "198.51.100.0/24")).settle();

      statement.execute("BEGIN EXCLUSIVE");
      story
          .update(A, AS_A, announce(64512, "198.51.100.0/24"))
          .update(A, AS_A, announce(64512, "203.0.113.0/24"));
      story.journal.flush(Duration.ofSeconds(20));
      assertThat(awaitSaid("not written"))
          .contains(
              file.toString(),
              "another program holds it locked",
              "end that program",
              "the journal keeps everything, next try in 1 s");
      assertThat(story.rows(ROUTES))
          .as("can be read meanwhile")
          .containsExactly("198.51.100.0/24|1|64500 64511");

      statement.execute("COMMIT");
      story.settle();
      assertThat(awaitSaid("written again")).contains(file.toString());
      assertThat(story.rows(ROUTES))
          .containsExactly("198.51.100.0/24|1|64500 64512", "203.0.113.0/24|1|64500 64512");
    }
  }

  @Test
  void withoutTheSegmentThatItNeedsTheDatabaseStaysAndTheJournalGoesOn() throws Exception {
    try (var story = new Story(directory)) {
      story.up(A, AS_A).update(A, AS_A, announce(64511, "198.51.100.0/24")).settle();
    }
    try (Stream<Path> files = Files.walk(directory.resolve("journal"))) {
      for (Path file : files.filter(path -> path.toString().contains("updates.")).toList()) {
        Files.delete(file);
      }
    }

    try (var story = new Story(directory)) {
      story.pass(Duration.ofMinutes(10)).update(A, AS_A, announce(64512, "203.0.113.0/24"));
      story.journal.flush(Duration.ofSeconds(20));

      assertThat(awaitSaid("stays as it is"))
          .contains(
              directory.resolve("bgp-peer.db").toString(),
              "segment updates.20260317.0300 is not in",
              "put the segment back",
              "bgp-peer rebuild");
      assertThat(story.rows(ROUTES)).containsExactly("198.51.100.0/24|1|64500 64511");
    }
  }

  /// The order of the journal counts: what came later replaces, whatever its time.
  @ParameterizedTest
  @EnumSource
  void ofRecordsWhoseTimesGoBackNoneIsLost(Kind kind) throws Exception {
    try (var story = new Story(directory, kind)) {
      story
          .up(A, AS_A)
          .update(A, AS_A, announce(64511, "198.51.100.0/24", "203.0.113.0/24"))
          .pass(Duration.ofHours(-30))
          .update(A, AS_A, announce(64512, "198.51.100.0/24"))
          .update(A, AS_A, new Updates().withdraw("203.0.113.0/24"))
          .update(A, AS_A, announce(64513, "198.51.100.0/24", "192.0.2.0/24"))
          .pass(Duration.ofHours(30))
          .update(A, AS_A, announce(64514, "192.0.2.0/24"))
          .settle();

      assertThat(story.rows(ROUTES))
          .containsExactly(
              "192.0.2.0/24|1|64500 64514",
              "198.51.100.0/24|1|64500 64513",
              "203.0.113.0/24|0|64500 64511");
      assertThat(story.queries.history(Prefix.parse("198.51.100.0/24"), 10))
          .extracting(RouteRow::asPath)
          .as("every version")
          .containsExactlyInAnyOrder("64500 64511", "64500 64512", "64500 64513");
      assertThat(story.queries.neighbor(A).orElseThrow().active()).isEqualTo(2);
      assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
    }
  }
}
