package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationTest {
  private static final String MARKER = "ff".repeat(16);

  @Test
  void codeSubcodeAndDataAreRead() throws HeaderError {
    assertThat(decode("0017 03 03 05 aabb"))
        .isEqualTo(new Notification(3, 5, Octets.ofHex("aabb")));
  }

  @Test
  void whatWasReadIsWhatIsWritten() throws HeaderError {
    byte[] message = Hex.octets(MARKER + "0017 03 03 05 aabb");

    assertThat(Notification.decode(message, 0, message.length).encode()).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, Connection Not Synchronized (1/1)",
    "2, 2, Bad Peer AS (2/2)",
    "2, 11, Role Mismatch (2/11)",
    "3, 11, Malformed AS_PATH (3/11)",
    "4, 0, Hold Timer Expired (4/0)",
    "5, 3, Unexpected Message in Established (5/3)",
    "6, 2, Administrative Shutdown (6/2)",
    "7, 1, Invalid Message Length (7/1)",
    "8, 0, Send Hold Timer Expired (8/0)",
    "6, 99, Cease (6/99)",
    "99, 7, Error code 99 (99/7)",
  })
  void eachHasWords(int code, int subcode, String words) {
    assertThat(Notification.of(code, subcode).words()).isEqualTo(words);
  }

  @Test
  void everyCodeAndSubcodeHasWords() {
    for (int code = 0; code < 256; code++) {
      for (int subcode = 0; subcode < 256; subcode++) {
        var notification = Notification.of(code, subcode);

        assertThat(notification.words()).endsWith(" (" + code + "/" + subcode + ")");
        for (SessionCause cause : SessionCause.values()) {
          assertThat(SessionWords.say(cause, notification, ""))
              .endsWith(" (" + code + "/" + subcode + ")")
              .doesNotContain("null");
        }
      }
    }
  }

  @Test
  void aShutdownTextIsReadAndWritten() { // RFC 9003 §2
    var notification =
        Notification.shutdown(Notification.ADMINISTRATIVE_SHUTDOWN, "Wartung für 5 min");

    assertThat(notification.shutdownText()).isEqualTo("Wartung für 5 min");
    assertThat(notification).hasToString("Administrative Shutdown (6/2): \"Wartung für 5 min\"");
  }

  @Test
  void aLongTextIsCutAtAWholeCharacter() {
    var notification = Notification.shutdown(Notification.ADMINISTRATIVE_RESET, "ü".repeat(200));

    assertThat(notification.data().length()).isEqualTo(255); // the length, and 127 times two
    assertThat(notification.shutdownText()).isEqualTo("ü".repeat(127));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "05", "0120", "03ff"})
  void aShutdownWithoutATextThatCanBeReadHasNoneOrSome(String data) {
    var notification = new Notification(6, 2, Octets.ofHex(data));

    assertThat(notification.toString()).startsWith("Administrative Shutdown (6/2)");
  }

  @Test
  void controlCharactersOfATextAreReplaced() {
    assertThat(new Notification(6, 2, Octets.ofHex("03410a42")).shutdownText())
        .isEqualTo("A\ufffdB");
  }

  @Test
  void aHardResetHasANotificationWithin() { // RFC 8538 §3.1
    var notification = new Notification(6, 9, Octets.ofHex("0602" + "026869"));

    assertThat(notification.hardReset()).isEqualTo(new Notification(6, 2, Octets.ofHex("026869")));
    assertThat(notification.shutdownText()).isEqualTo("hi");
    assertThat(new Notification(6, 9, Octets.ofHex("0609".repeat(2000))).hardReset()).isNull();
    assertThat(new Notification(6, 9, Octets.ofHex("06")).hardReset()).isNull();
  }

  @Test
  void withoutRoomForTheSubcodeTheHeaderIsWrong() {
    assertThatThrownBy(() -> decode("0014 03 06"))
        .isInstanceOfSatisfying(
            HeaderError.class,
            e ->
                assertThat(e.notification())
                    .isEqualTo(new Notification(1, 2, Octets.ofHex("0014"))));
  }

  private static Notification decode(String rest) throws HeaderError {
    byte[] message = Hex.octets(MARKER + rest);
    return Notification.decode(message, 0, message.length);
  }
}
