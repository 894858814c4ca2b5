package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FramingTest {
  private static final String MARKER = "ff".repeat(16);

  @ParameterizedTest
  @CsvSource({
    // length, type, longest: RFC 4271 §4.1, RFC 8654 §4
    "29, 1, 4096",
    "4096, 1, 65535",
    "23, 2, 4096",
    "4096, 2, 4096",
    "65535, 2, 65535",
    "21, 3, 4096",
    "65535, 3, 65535",
    "19, 4, 4096",
    "23, 5, 4096",
    "65535, 5, 65535",
  })
  void aLengthThatItsTypeMayHavePasses(int length, int type, int longest) {
    assertThatCode(() -> Framing.checkHeader(header(length, type), 0, longest))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2, 4096, length 0 is below 19",
    "18, 4, 4096, length 18 is below 19",
    "28, 1, 4096, 'length 28 is below 29, the shortest OPEN'",
    "22, 2, 4096, 'length 22 is below 23, the shortest UPDATE'",
    "20, 3, 4096, 'length 20 is below 21, the shortest NOTIFICATION'",
    "20, 4, 4096, 'length 20 is not 19, as of each KEEPALIVE'",
    "22, 5, 4096, 'length 22 is below 23, the shortest ROUTE-REFRESH'",
    "4097, 2, 4096, length 4097 is above 4096",
    "4097, 1, 65535, 'length 4097 is above 4096, the longest OPEN'",
    "65535, 4, 65535, 'length 65535 is not 19, as of each KEEPALIVE'",
  })
  void anyOtherLengthIsToldBack(int length, int type, int longest, String message) { // §6.1
    assertThatThrownBy(() -> Framing.checkHeader(header(length, type), 0, longest))
        .isInstanceOfSatisfying(
            HeaderError.class,
            e ->
                assertThat(e.notification())
                    .isEqualTo(new Notification(1, 2, Octets.ofHex("%04x".formatted(length)))))
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6, 255})
  void anUnknownTypeIsToldBack(int type) { // §6.1
    assertThatThrownBy(() -> Framing.checkHeader(header(19, type), 0, 4096))
        .isInstanceOfSatisfying(
            HeaderError.class,
            e ->
                assertThat(e.notification())
                    .isEqualTo(new Notification(1, 3, Octets.ofHex("%02x".formatted(type)))))
        .hasMessage("message type " + type + " is unknown");
  }

  @Test
  void eachOctetOfTheMarkerCounts() { // §6.1
    for (int i = 0; i < 16; i++) {
      byte[] header = header(19, 4);
      header[i] = (byte) 0xfe;
      assertThatThrownBy(() -> Framing.checkHeader(header, 0, 4096))
          .isInstanceOfSatisfying(
              HeaderError.class,
              e -> assertThat(e.notification()).isEqualTo(Notification.of(1, 1)));
    }
  }

  @Test
  void aKeepaliveIsAHeader() throws MessageError {
    byte[] keepalive = new Keepalive().encode();

    assertThat(keepalive).isEqualTo(Hex.octets(MARKER + "001304"));
    assertThat(Message.decode(Octets.of(keepalive), DecodeContext.AS4)).isEqualTo(new Keepalive());
  }

  @Test
  void aRefreshIsReadAndWritten() throws MessageError { // RFC 2918 §3, RFC 7313 §3.2
    byte[] end = Hex.octets(MARKER + "0017 05 0002 02 01");
    var refresh = (RouteRefresh) Message.decode(Octets.of(end), DecodeContext.AS4);

    assertThat(refresh)
        .isEqualTo(new RouteRefresh(Family.IPV6_UNICAST, RouteRefresh.END, Octets.EMPTY));
    assertThat(refresh.encode()).isEqualTo(end);
  }

  @Test
  void aRefreshMayHaveFiltersBehindIt() throws MessageError { // RFC 5291 §5
    var refresh =
        (RouteRefresh)
            Message.decode(
                Octets.of(Hex.octets(MARKER + "001b 05 0001 00 01 01020304")), DecodeContext.AS4);

    assertThat(refresh.rest()).isEqualTo(Octets.ofHex("01020304"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0016 05 0001 00", "0018 05 0001 01 01 00", "0018 05 0001 02 01 00"})
  void aRefreshOfTheWrongLengthIsSentBack(String rest) { // RFC 7313 §5
    byte[] message = Hex.octets(MARKER + rest);

    assertThatThrownBy(() -> Message.decode(Octets.of(message), DecodeContext.AS4))
        .isInstanceOfSatisfying(
            RouteRefreshError.class,
            e ->
                assertThat(e.notification()).isEqualTo(new Notification(7, 1, Octets.of(message))));
  }

  @Test
  void aMessageOfAnUnknownTypeKeepsItsOctets() throws MessageError {
    assertThat(Message.decode(Octets.of(Hex.octets(MARKER + "0015 09 abcd")), DecodeContext.AS4))
        .isEqualTo(new UnknownMessage(9, Octets.ofHex("abcd")));
  }

  private static byte[] header(int length, int type) {
    return Hex.octets(MARKER + "%04x%02x".formatted(length, type));
  }
}
