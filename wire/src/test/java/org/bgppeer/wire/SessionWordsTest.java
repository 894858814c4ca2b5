package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SessionWordsTest {
  @ParameterizedTest
  @CsvSource({
    "HOLD_TIMER_EXPIRED, 90 s, We heard nothing for 90 s and closed the session.",
    "HOLD_TIMER_EXPIRED, '', We heard nothing for the hold time and closed the session.",
    "SEND_HOLD_TIMER_EXPIRED, 8 min, They did not read what we sent for 8 min; we closed.",
    "CONNECTION_CLOSED, '', 'Connection dropped, no reason given.'",
    "CONNECTION_REFUSED, 192.0.2.1, 192.0.2.1 refuses the connection.",
    "CONNECTION_TIMED_OUT, 192.0.2.1, 192.0.2.1 does not answer.",
    "NO_ROUTE, 192.0.2.1, 192.0.2.1 cannot be reached.",
    "NOT_CONFIGURED, 192.0.2.1, 192.0.2.1 called and is not configured as a neighbor.",
    "ADMINISTRATIVE, removed., Our configuration ended it: removed.",
    "INTERNAL_ERROR, out of luck, A fault of this collector ended it: out of luck.",
  })
  void eachCauseHasASentence(SessionCause cause, String text, String sentence) {
    assertThat(SessionWords.say(cause, null, text)).isEqualTo(sentence);
  }

  @ParameterizedTest
  @CsvSource({
    "2, 2, '', AS 64501, They expect another AS (AS 64501). (2/2)",
    "2, 7, 4104, '', They insist on a capability that we do not have. (2/7)",
    "2, 7, 4600, '', They insist on Enhanced Route Refresh. (2/7)",
    "4, 0, '', 90 s, They heard nothing from us for 90 s and closed. (4/0)",
    "6, 1, '', '', They say we sent too many routes (we send none). (6/1)",
    "6, 2, 026869, '', 'Their operator shut it down: \"hi\" (6/2)'",
    "6, 2, '', '', Their operator shut it down. (6/2)",
    "6, 9, 0604, '', 'They ended it for good, graceful restart does not apply: Administrative"
        + " Reset. (6/9, 6/4)'",
  })
  void whatTheyToldUsIsASentence(int code, int subcode, String data, String text, String sentence) {
    assertThat(
            SessionWords.say(
                SessionCause.NOTIFICATION_RECEIVED,
                new Notification(code, subcode, Octets.ofHex(data)),
                text))
        .isEqualTo(sentence);
  }

  @ParameterizedTest
  @EnumSource
  void everyCauseIsASentenceWhateverIsKnown(SessionCause cause) {
    for (String text : new String[] {"", "what is known"}) {
      for (@Nullable Notification notification :
          new @Nullable Notification[] {null, Notification.of(6, 2)}) {
        assertThat(SessionWords.say(cause, notification, text))
            .matches("[A-Z0-9w].*[.)\"]")
            .doesNotContain("null")
            .doesNotContain("..");
      }
    }
  }

  @Test
  void aReasonIsReadAsItIsWritten() {
    for (SessionCause cause : SessionCause.values()) {
      byte[] octets = new StateReason(cause, "rs1", "a\nb=c").encode();

      assertThat(StateReason.decode(octets, 0, octets.length))
          .isEqualTo(new StateReason(cause, "rs1", "a\nb=c"));
    }
  }

  @Test
  void whatIsKeptIsReadAsItIsWritten() {
    var kept =
        List.of(new Kept(Family.IPV4_UNICAST, 120, 86400), new Kept(Family.IPV6_UNICAST, 120, 0));
    var reason = new StateReason(SessionCause.CONNECTION_CLOSED, "one", kept, "two\nlines");
    byte[] octets = reason.encode();

    assertThat(new String(octets, StandardCharsets.UTF_8))
        .isEqualTo(
            "why=CONNECTION_CLOSED\nneighbor=one\nkeep=ipv4-unicast 120+86400, ipv6-unicast 120\n"
                + "text=two\nlines");
    assertThat(StateReason.decode(octets, 0, octets.length)).isEqualTo(reason);
  }

  @Test
  void aCauseOfALaterVersionIsNamed() {
    byte[] octets =
        "why=SOLAR_FLARE\nneighbor=rs1\ntext=again"
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);

    assertThat(StateReason.decode(octets, 0, octets.length))
        .isEqualTo(new StateReason(SessionCause.INTERNAL_ERROR, "rs1", "SOLAR_FLARE: again"));
    assertThat(StateReason.decode(octets, 1, octets.length - 1)).isNull();
  }
}
