package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommunityPatternTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          64500:100             | communities       | 64500:100
          no-export             | communities       | 65535:65281
          NO_EXPORT             | communities       | 65535:65281
          blackhole             | communities       | 65535:666
          4200000000:1:2        | large_communities | 4200000000:1:2
          rt:64500:100          | ext_communities   | rt:64500:100
          RT:64500:100          | ext_communities   | rt:64500:100
          ro:64500:7            | ext_communities   | soo:64500:7
          rt:192.0.2.1:7        | ext_communities   | rt:192.0.2.1:7
          rt:[2001:db8:0::1]:7  | ext_communities   | rt:[2001:db8::1]:7
          """)
  void aCommunityIsLookedForInItsColumnByTheTextThatIsThere(
      String asked, String column, String literal) {
    assertThat(CommunityPattern.parse(asked))
        .isEqualTo(new CommunityPattern(column, literal, literal, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          64500:*      | 1:1 64500:7 2:2   | true
          64500:*      | 64500:7           | true
          64500:*      | 164500:7          | false
          64500:2*0    | 64500:2110        | true
          64500:2*0    | 64500:2111        | false
          *:666        | 65535:666         | true
          *:666        | 65535:6666        | false
          rt:64500:*   | soo:1:1 rt:64500:9| true
          rt:64500:*   | rt:645000:9       | false
          ro:*:9       | soo:64500:9       | true
          """)
  void aStarStandsForAnyDigits(String asked, String text, boolean found) {
    var pattern = CommunityPattern.parse(asked);

    assertThat(Pattern.compile(String.valueOf(pattern.expression())).matcher(text).find())
        .isEqualTo(found);
    assertThat(!found || text.contains(pattern.literal())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "64500",
        "a:b",
        "no-exports",
        "64500:",
        "1:2:3:4",
        "rt:64500",
        "tr:1:*",
        "0x12"
      })
  void whatIsNoCommunityIsRefusedWithWhatIsOne(String asked) {
    assertThatThrownBy(() -> CommunityPattern.parse(asked))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("64500:1:2")
        .hasMessageContaining("no-export");
  }

  @Test
  void aNumberThatIsTooLargeIsNamed() {
    assertThatThrownBy(() -> CommunityPattern.parse("4200000000:1"))
        .hasMessage(
            "'4200000000:1' is not a community: 4200000000 is above 65535;"
                + " a larger AS has large communities, 4200000000:1:0");
    assertThatThrownBy(() -> CommunityPattern.parse("1:4294967296:0"))
        .hasMessage("'1:4294967296:0' is not a community: 4294967296 is above 4294967295");
  }
}
