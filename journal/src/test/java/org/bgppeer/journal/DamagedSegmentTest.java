package org.bgppeer.journal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.bgppeer.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/// Three segments of three records each, of which somebody cuts or spoils the second.
class DamagedSegmentTest {
  private static final String MIDDLE = "2026.11/updates.20261123.2340";
  private static final List<String> FIRST = List.of("1", "2", "3");
  private static final List<String> LAST = List.of("7", "8", "9");

  /// Octets of the record that a segment begins with, and of each of the others.
  private static final int HEAD = Story.head("updates.20261123.2335").length;

  private static final int RECORD = Story.update(Story.START, 1, 1).length;

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

  /// How the middle one is kept.
  enum Form {
    PLAIN,
    BLOCKS,
    OTHER_GZIP
  }

  private Path written(Form form) throws Exception {
    try (var journal =
        Journal.open(
            dir, JournalOptions.defaults().withClock(clock).withGzip(form == Form.BLOCKS))) {
      for (int number = 1; number <= 9; number++) {
        if (number % 3 == 1 && number > 1) {
          clock.turn(Duration.ofMinutes(5));
        }
        Story.append(journal, Story.update(Story.START, 1, number));
        journal.flush(Story.LONG);
      }
      journal.awaitCompressed();
    }
    Path plain = dir.resolve(MIDDLE);
    Path packed = dir.resolve(MIDDLE + ".gz");
    if (form == Form.OTHER_GZIP) {
      try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
        out.write(Files.readAllBytes(plain));
      }
      Files.delete(plain);
    }
    return form == Form.PLAIN ? plain : packed;
  }

  private List<String> read() throws IOException, InterruptedException {
    return Story.read(dir).stream().map(line -> line.replaceFirst(".* ", "")).toList();
  }

  /// What is said of the damage: one line.
  private String said() {
    var lines =
        List.copyOf(log.list).stream()
            .map(ILoggingEvent::getFormattedMessage)
            .filter(line -> line.contains("journal segment-"))
            .toList();
    assertThat(lines).hasSize(1);
    return lines.getFirst();
  }

  @ParameterizedTest
  @EnumSource
  void ofASegmentThatIsCutWhatIsWholeIsReadAndThenTheNextOne(Form form) throws Exception {
    Path file = written(form);
    byte[] whole = Files.readAllBytes(file);
    for (int left = whole.length - 1; left > 0; left -= 7) {
      log.list.clear();
      Files.write(file, Arrays.copyOf(whole, left));

      var numbers = read();

      assertThat(numbers)
          .as("of %d octets %d", whole.length, left)
          .startsWith("1", "2", "3")
          .endsWith("7", "8", "9")
          .isSorted()
          .doesNotHaveDuplicates();
      if (form != Form.PLAIN || (left - HEAD) % RECORD != 0) {
        assertThat(said()).contains(file + " offset=", "put it there", "bgp-peer rebuild");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofASegmentThatIsSpoiledWhatIsBeforeAndBehindIsRead(Form form) throws Exception {
    Path file = written(form);
    byte[] octets = Files.readAllBytes(file);
    int at = form == Form.PLAIN ? HEAD + RECORD + 8 : octets.length - 7; // a length; a checksum
    octets[at] ^= (byte) 0x55;
    Files.write(file, octets);

    var numbers = read();

    assertThat(numbers).containsAll(FIRST).containsAll(LAST).isSorted().doesNotHaveDuplicates();
    if (form == Form.PLAIN) {
      assertThat(numbers).containsExactly("1", "2", "3", "4", "6", "7", "8", "9");
      assertThat(said()).contains("octets=" + RECORD + " ");
    }
    assertThat(said())
        .contains("segment-damaged", file + " offset=", "check the disk", "bgp-peer rebuild");
  }

  /// But where it makes a length that is plausible, which takes what is within.
  @Test
  void aRottenPlaceCostsTheRecordsInItAndNoOther() throws Exception {
    Path file = written(Form.PLAIN);
    byte[] octets = Files.readAllBytes(file);
    int lowOctetOfTheLength = 11;
    for (int at = HEAD; at + 8 <= octets.length; at++) {
      byte[] spoiled = octets.clone();
      Arrays.fill(spoiled, at, at + 8, (byte) 0x93);
      Files.write(file, spoiled);

      var read = records();

      for (int record = 0; record < 3 && (at - HEAD) % RECORD != lowOctetOfTheLength; record++) {
        int begin = HEAD + record * RECORD;
        if (at + 8 <= begin || at >= begin + RECORD) {
          assertThat(read)
              .as("record %d, damage at %d", record, at)
              .contains(Octets.copyOf(octets, begin, RECORD));
        }
      }
      assertThat(read).hasSizeBetween(6 + 2, 9 + 2); // two say which segment is before theirs
    }
  }

  private List<Octets> records() throws IOException, InterruptedException {
    var all = new ArrayList<Octets>();
    try (var reader = JournalReader.of(dir, null)) {
      while (reader.next(Duration.ZERO)) {
        all.add(Octets.copyOf(reader.buffer(), reader.offset(), reader.length()));
      }
    }
    return all;
  }

  /// A segment of four members, of which somebody spoils one.
  @ParameterizedTest
  @CsvSource({
    "0, 2, in its header",
    "0, 100, in its data",
    "1, 2, in its header",
    "1, 18, in its length",
    "1, 100, in its data",
    "2, 0, in its header",
    "2, 5000, in its data",
  })
  void ofAMemberThatIsSpoiledItsRecordsAreLeftOutAndNoOthers(int member, int at, String where)
      throws Exception {
    byte[] whole = large();
    var before = positions();
    byte[] spoiled = whole.clone();
    spoiled[member(whole, member) + at] ^= (byte) 0x55;
    Files.write(dir.resolve(LARGE), spoiled);

    var after = positions();

    assertThat(after.keySet()).isEqualTo(outside(before, member * MEMBER, (member + 1) * MEMBER));
    assertThat(before.entrySet()).as("each where it was").containsAll(after.entrySet());
    long first = 0;
    for (long offset : before.values()) {
      first = offset + RECORD > member * MEMBER ? first : Math.max(first, offset + RECORD);
    }
    assertThat(said())
        .contains("segment-damaged", LARGE + " offset=" + first + " octets=", "check the disk");
    int octets = Integer.parseInt(said().replaceAll(".* octets=(\\d+) .*", "$1"));
    assertThat(octets).isBetween(MEMBER, MEMBER + 2 * RECORD);
  }

  @Test
  void ofTheLastMemberTheRestIsSaidToBeLost() throws Exception {
    byte[] whole = large();
    var before = positions();
    whole[member(whole, 3) + 100] ^= (byte) 0x55;
    Files.write(dir.resolve(LARGE), whole);

    assertThat(positions().keySet()).isEqualTo(outside(before, 3 * MEMBER, 4 * MEMBER));
    int end = before.size() * RECORD;
    int first = 3 * MEMBER / RECORD * RECORD;
    assertThat(said()).contains("offset=" + first + " octets=" + (end - first), "the rest");
  }

  @Test
  void behindASpoiledMemberAPositionGoesOn() throws Exception {
    byte[] whole = large();
    var before = positions();
    whole[member(whole, 1) + 2] ^= (byte) 0x55;
    Files.write(dir.resolve(LARGE), whole);

    for (var record : before.entrySet()) {
      if (record.getKey() % 1000 == 7 && record.getValue() > 2 * MEMBER) {
        var at = new Position("updates.20261123.2335", record.getValue());
        byte[] octets = JournalReader.recordAt(dir, at);
        assertThat(Story.number(octets, 0, octets.length)).isEqualTo(record.getKey());
        try (var reader = JournalReader.of(dir, at)) {
          assertThat(reader.next(Duration.ZERO)).isTrue();
          assertThat(reader.position()).isEqualTo(at);
        }
      }
    }
  }

  private static final String LARGE = "2026.11/updates.20261123.2335.gz";
  private static final int MEMBER = 1 << 18;

  private byte[] large() throws Exception {
    try (var journal = Journal.open(dir, JournalOptions.defaults().withClock(clock))) {
      for (int number = 0; number < 10_000; number++) {
        Story.append(journal, Story.update(Story.START, 1, number));
      }
      journal.flush(Story.LONG);
      clock.turn(Duration.ofMinutes(5));
      Story.append(journal, Story.update(Story.START, 1, 10_000));
      journal.flush(Story.LONG);
      journal.awaitCompressed();
    }
    Files.delete(dir.resolve("2026.11/updates.20261123.2340"));
    return Files.readAllBytes(dir.resolve(LARGE));
  }

  /// Where each number is.
  private Map<Integer, Long> positions() throws Exception {
    var positions = new TreeMap<Integer, Long>();
    try (var reader = JournalReader.of(dir, null)) {
      while (reader.next(Duration.ZERO)) {
        positions.put(
            Story.number(reader.buffer(), reader.offset(), reader.length()),
            reader.position().offset());
      }
    }
    return positions;
  }

  /// The numbers that have nothing in these octets of the segment.
  private static Set<Integer> outside(Map<Integer, Long> positions, int from, int to) {
    return positions.entrySet().stream()
        .filter(record -> record.getValue() + RECORD <= from || record.getValue() >= to)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /// Where in a file a member begins.
  private static int member(byte[] file, int number) {
    int at = 0;
    for (int i = 0; i < number; i++) {
      at += ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(at + 16);
    }
    return at;
  }

  @Test
  void aLengthThatReachesBehindTheEndOfTheSegmentCostsOneRecord() throws Exception {
    Path file = written(Form.PLAIN);
    byte[] octets = Files.readAllBytes(file);
    octets[HEAD + RECORD + 9] = 1; // 65 kB more
    Files.write(file, octets);

    assertThat(read()).containsExactly("1", "2", "3", "4", "6", "7", "8", "9");
    assertThat(said()).contains("segment-damaged", "octets=" + RECORD + " ");
  }

  @Test
  void behindTheDamageAPositionGoesOn() throws Exception {
    Path file = written(Form.PLAIN);
    byte[] octets = Files.readAllBytes(file);
    octets[8] ^= (byte) 0x55;
    Files.write(file, octets);

    try (var reader =
        JournalReader.of(dir, new Position("updates.20261123.2340", HEAD + 2 * RECORD))) {
      assertThat(Story.read(reader)).hasSize(4);
    }
    assertThat(said()).contains("segment-damaged", "offset=0");
  }

  @Test
  void theLastSegmentKeepsWhatIsBehindADamageWhenTheJournalIsOpened() throws Exception {
    Path file = written(Form.PLAIN);
    byte[] octets = Files.readAllBytes(file);
    octets[HEAD + RECORD + 8] ^= (byte) 0x55;
    Files.write(file, octets);
    Files.delete(dir.resolve("2026.11/updates.20261123.2345"));

    try (var journal = Journal.open(dir, JournalOptions.defaults().withClock(clock))) {
      assertThat(said()).contains("octets=" + RECORD + " ");
      log.list.clear();
      Story.append(journal, Story.update(Story.START, 1, 10));
      journal.flush(Story.LONG);
    }

    assertThat(read()).containsExactly("1", "2", "3", "4", "6", "10");
  }

  @Test
  void aJournalWhoseLastSegmentIsSpoiledIsOpenedAndGoesOn() throws Exception {
    Path file = written(Form.BLOCKS);
    byte[] octets = Files.readAllBytes(file);
    octets[octets.length - 7] ^= (byte) 0x55;
    Files.write(file, octets);
    Files.delete(dir.resolve("2026.11/updates.20261123.2345"));

    try (var journal = Journal.open(dir, JournalOptions.defaults().withClock(clock))) {
      Story.append(journal, Story.update(Story.START, 1, 10));
      journal.flush(Story.LONG);
    }

    assertThat(read()).containsExactly("1", "2", "3", "10");
  }
}
