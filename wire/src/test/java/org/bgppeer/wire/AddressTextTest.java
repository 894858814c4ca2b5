package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTextTest {
  @ParameterizedTest
  @CsvSource({
    // RFC 5952, by section
    "2001:0db8:0000:0000:0001:0000:0000:0001, 2001:db8::1:0:0:1", // §4.1, §4.2.3
    "2001:db8:0:0:0:0:2:1, 2001:db8::2:1", // §4.2.1
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1", // §4.2.2: not of one group alone
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1", // §4.2.3: the longest
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1", // §4.2.3: the first of equals
    "2001:DB8::ABCD, 2001:db8::abcd", // §4.3
    "::ffff:192.0.2.1, ::ffff:192.0.2.1", // §5
    "::ffff:c000:201, ::ffff:192.0.2.1",
    "::, ::",
    "::1, ::1",
    "1::, 1::",
    "0:0:0:0:0:0:0:0, ::",
    "1:0:0:0:0:0:0:0, 1::",
    "0:1:0:1:0:1:0:1, 0:1:0:1:0:1:0:1",
    "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
    "0:0:3:4:5:6:7:8, ::3:4:5:6:7:8",
    "1:2:3:4:5:6:192.0.2.1, 1:2:3:4:5:6:c000:201",
    "fe80::1, fe80::1",
    "192.0.2.1, 192.0.2.1",
    "0.0.0.0, 0.0.0.0",
    "255.255.255.255, 255.255.255.255",
  })
  void eachAddressHasOneText(String text, String canonical) {
    assertThat(AddressText.of(AddressText.parse(text))).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        ":",
        ":::",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.4 ",
        " 1.2.3.4",
        "1.2.3.",
        "1..2.3",
        "-1.2.3.4",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "12345::",
        "g::",
        "1:2:3:4:5:6:7:",
        ":1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7::8",
        "::1.2.3",
        "::1.2.3.4:5",
        "1:2:3:4:5:6:7:1.2.3.4",
        "fe80::1%eth0",
        "::１"
      })
  void whatIsNoAddressIsRefused(String text) {
    assertThatThrownBy(() -> AddressText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("\"" + text + "\" is neither an IPv4 nor an IPv6 address");
  }

  @Test
  void whatIsWrittenIsRead() {
    var random = new Random(5952);
    for (int i = 0; i < 20_000; i++) {
      byte[] address = new byte[random.nextInt(4) == 0 ? 4 : 16];
      random.nextBytes(address);
      for (int group = 0; group < address.length; group += 2) {
        if (random.nextBoolean()) {
          address[group] = 0;
          address[group + 1] = (byte) random.nextInt(2);
        }
      }
      assertThat(AddressText.parse(AddressText.of(address))).isEqualTo(address);
    }
  }

  @Test
  void noTextWhateverBreaksTheParser() {
    var random = new Random(4291);
    String letters = "0123456789abcdefF:.%g/ ";
    for (int i = 0; i < 50_000; i++) {
      var text = new StringBuilder();
      for (int length = random.nextInt(24); length > 0; length--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      try {
        assertThat(AddressText.parse(text.toString()).length).isIn(4, 16);
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageContaining(text.toString());
      }
    }
  }

  @Test
  void octetsThatAreNoAddressAreHex() {
    assertThat(AddressText.of(new byte[] {1, 2, 3})).isEqualTo("010203");
    assertThat(AddressText.ofIdentifier(0xffff_ffffL)).isEqualTo("255.255.255.255");
  }
}
