package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bgppeer.wire.HexInput.HexMessage;
import org.bgppeer.wire.HexInput.NotHex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HexInputTest {
  private static final String MARKER = "ff".repeat(16);
  private static final String KEEPALIVE = MARKER + "001304";

  @Test
  void whiteSpaceCaseAndCommentsAreFree() throws NotHex {
    String line = "\t" + MARKER.toUpperCase(java.util.Locale.ROOT) + "  00 13\u00a004 # 64500";

    assertThat(HexInput.parse(3, line))
        .containsExactly(new HexMessage(3, 2, Octets.ofHex(KEEPALIVE), null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "# nothing here", "\t# ffff", "\ufeff# with a BOM"})
  void aLineMayHoldNothing(String line) throws NotHex {
    assertThat(HexInput.parse(1, line)).isEmpty();
  }

  @Test
  void messagesBehindEachOtherAreToldApart() throws NotHex {
    String refresh = MARKER + "001705 0001 00 01";

    assertThat(HexInput.parse(1, KEEPALIVE + " " + refresh + KEEPALIVE))
        .extracting(HexMessage::column, m -> m.octets().length(), HexMessage::problem)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(1, 19, null),
            org.assertj.core.groups.Tuple.tuple(40, 23, null),
            org.assertj.core.groups.Tuple.tuple(89, 19, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "ffxf       | 3  | 'x' is not a hex digit",
        "0xff       | 2  | 'x' is not a hex digit",
        "ff ff,ff   | 6  | ',' is not a hex digit",
        "ff é       | 4  | 'é' is not a hex digit",
        "ff ff f    | 7  | half a byte: a byte is two hex digits, and this line has 5 digits",
        "f # f      | 1  | half a byte: a byte is two hex digits, and this line has 1 digits",
      })
  void whatIsNotHexIsNamedWithItsPlace(String line, int column, String reason) {
    assertThatThrownBy(() -> HexInput.parse(17, line))
        .isInstanceOfSatisfying(
            NotHex.class,
            e -> {
              assertThat(e.line()).isEqualTo(17);
              assertThat(e.column()).isEqualTo(column);
            })
        .hasMessageStartingWith(reason);
  }

  @Test
  void anErrorSaysWhatIsAllowed() {
    assertThatThrownBy(() -> HexInput.parse(1, "zz"))
        .hasMessage(
            "'z' is not a hex digit; allowed are the digits 0-9, a-f and A-F, white space, and a"
                + " comment after #");
    assertThatThrownBy(() -> HexInput.parse(1, "\u0007"))
        .hasMessageStartingWith("character U+0007");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ffff | 2 bytes cannot be a BGP message: its header alone has 19",
        "00ffffffffffffffffffffffffffffff001304 |"
            + " a BGP message begins with 16 bytes of ff, but byte 1 is 00",
        "ffffffffffffffffffffffffffffffff001204 |"
            + " the header says 18 bytes, and no BGP message has fewer than 19",
        "ffffffffffffffffffffffffffffffff001404 |"
            + " the header says 20 bytes, but only 19 are here",
      })
  void whatIsNoWholeMessageIsKeptAndSaysWhy(String hex, String problem) throws NotHex {
    assertThat(HexInput.parse(1, hex))
        .containsExactly(new HexMessage(1, 1, Octets.ofHex(hex), problem));
  }

  @Test
  void goodMessagesBeforeABrokenOneAreGood() throws NotHex {
    List<HexMessage> messages = HexInput.parse(1, KEEPALIVE + "ff00");

    assertThat(messages).extracting(m -> m.problem() == null).containsExactly(true, false);
    assertThat(messages.getLast().column()).isEqualTo(39);
  }
}
