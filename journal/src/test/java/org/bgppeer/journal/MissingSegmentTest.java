package org.bgppeer.journal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.bgppeer.wire.MrtRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// Four segments of one record each, of which somebody takes some away.
class MissingSegmentTest {
  private static final String FIRST = "updates.20261123.2335";
  private static final String SECOND = "updates.20261123.2340";
  private static final String THIRD = "updates.20261123.2345";
  private static final String FOURTH = "updates.20261123.2350";

  @TempDir Path dir;
  private final TurnedClock clock = new TurnedClock(Story.START);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(Journal.class);

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(log);
  }

  private void write(boolean gzip) throws Exception {
    try (var journal =
        Journal.open(dir, JournalOptions.defaults().withClock(clock).withGzip(gzip))) {
      for (int number = 1; number <= 4; number++) {
        Story.append(journal, Story.update(clock.instant(), 1, number));
        journal.flush(Story.LONG);
        clock.turn(Duration.ofMinutes(5));
      }
      journal.awaitCompressed();
    }
  }

  private void remove(String... names) throws IOException {
    for (String name : names) {
      Files.deleteIfExists(dir.resolve("2026.11/" + name));
      Files.deleteIfExists(dir.resolve("2026.11/" + name + ".gz"));
    }
  }

  private List<String> read() throws Exception {
    return Story.read(dir).stream().map(line -> line.replaceFirst(".* ", "")).toList();
  }

  private List<String> errors() {
    return List.copyOf(log.list).stream()
        .filter(event -> event.getLevel() == Level.ERROR)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void inTheMiddleOnesThatAreGoneAreSaidAndTheRestIsRead(boolean gzip) throws Exception {
    write(gzip);
    remove(SECOND, THIRD);

    assertThat(read()).containsExactly("1", "4");
    assertThat(errors())
        .singleElement()
        .asString()
        .contains(
            "segment-missing dir=" + dir,
            "missing=" + THIRD + " before=" + FOURTH,
            "between " + FIRST + " and it",
            "put them there",
            "bgp-peer rebuild");
    assertThat(JournalGap.of(dir)).containsExactly(new JournalGap(FIRST, THIRD, FOURTH));
  }

  @Test
  void whoAsksAgainReadsEachSegmentOnceAndSeesWhatIsGoneSince() throws Exception {
    write(false);
    var finder = new JournalGap.Finder(dir);
    assertThat(finder.gaps()).isEmpty();

    remove(SECOND);
    Files.writeString(dir.resolve("2026.11/" + THIRD), "not read again");

    assertThat(finder.gaps()).containsExactly(new JournalGap(FIRST, SECOND, THIRD));
    remove(FIRST);
    assertThat(finder.gaps()).isEmpty();
  }

  @Test
  void itIsSaidAgainWhenTheJournalIsOpened() throws Exception {
    write(true);
    remove(SECOND);
    try (var journal = Journal.open(dir, JournalOptions.defaults().withClock(clock))) {
      journal.awaitCompressed();
      assertThat(errors()).singleElement().asString().contains("missing=" + SECOND);
    }
  }

  @Test
  void theOldestMayGoForThatIsRetention() throws Exception {
    write(true);
    remove(FIRST, SECOND);

    assertThat(read()).containsExactly("3", "4");
    assertThat(JournalGap.of(dir)).isEmpty();
    assertThat(errors()).isEmpty();
  }

  @Test
  void aWholeJournalHasNoGapAlsoBehindSlotsWithoutRecordsAndAfterARestart() throws Exception {
    write(true);
    clock.turn(Duration.ofHours(50));
    try (var journal = Journal.open(dir, JournalOptions.defaults().withClock(clock))) {
      Story.append(journal, Story.update(clock.instant(), 1, 5));
    }

    assertThat(read()).containsExactly("1", "2", "3", "4", "5");
    assertThat(JournalGap.of(dir)).isEmpty();
    assertThat(errors()).isEmpty();
  }

  /// Those of an earlier version do not say which one is before them.
  @Test
  void ofSegmentsThatDoNotSayWhichIsBeforeNothingIsClaimed() throws Exception {
    write(false);
    for (String name : List.of(FIRST, SECOND, THIRD, FOURTH)) {
      Path file = dir.resolve("2026.11/" + name);
      Files.write(file, withoutFollows(Files.readAllBytes(file)));
    }
    remove(THIRD);

    assertThat(read()).containsExactly("1", "2", "4");
    assertThat(JournalGap.of(dir)).isEmpty();
    assertThat(errors()).isEmpty();
  }

  private static byte[] withoutFollows(byte[] octets) throws Exception {
    var out = new ByteArrayOutputStream();
    for (int at = 0; at < octets.length; ) {
      var record = MrtRecord.of(octets, at, octets.length);
      if (record.follows() == null) {
        out.write(octets, at, record.length());
      }
      at += record.length();
    }
    return out.toByteArray();
  }
}
