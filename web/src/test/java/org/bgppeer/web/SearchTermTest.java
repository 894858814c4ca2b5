package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bgppeer.wire.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTermTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "192.0.2.7,                       Address 192.0.2.7",
        "2001:db8::1,                     Address 2001:db8::1",
        "2001:DB8:0:0::1,                 Address 2001:db8::1",
        "::,                              Address ::",
        "192.0.2.0/24,                    Exact 192.0.2.0/24",
        "2001:db8::/32,                   Exact 2001:db8::/32",
        "0.0.0.0/0,                       Exact 0.0.0.0/0",
        "192.0.2.77/24,                   Exact 192.0.2.0/24 cleared",
        "192.0.2.0/24+,                   Exact 192.0.2.0/24 inside",
        "AS64511,                         As 64511",
        "as 64511,                        As 64511",
        "64511,                           As 64511",
        "4294967295,                      As 4294967295",
        "AS1.10,                          As 65546",
        "64501:500,                       Community 64501:500",
        "64501:1:40,                      Community 64501:1:40",
        "64501:*,                         Community 64501:*",
        "rt:64501:40,                     Community rt:64501:40",
        "no-export,                       Community no-export",
        "NO-EXPORT,                       Community no-export",
        "64500:100  192.0.2.0/24,         Nlri 64500:100 192.0.2.0/24",
        "nh:203.0.113.9,                  NextHop 203.0.113.9",
        "NH: 2001:DB8::9,                 NextHop 2001:db8::9",
        "path:64504 64511,                Path 64504 64511",
        "path: AS64504,                   Path 64504",
        "baltic,                          Name baltic",
        "\"<script>alert(1)</script>\",   NoPrefix",
        "192.0.2.0/33,                    NoPrefix",
        "192.0.2.0/,                      NoPrefix",
        "300.0.0.1,                       NoPrefix",
        "nh:baltic,                       NoPrefix",
        "path:baltic,                     NoPrefix",
        "4294967296,                      Name 4294967296",
        "AS70000.1,                       Name AS70000.1",
      })
  void theLikeliestMeaningComesFirst(String typed, String meaning) {
    assertThat(say(SearchTerm.of(typed).getFirst())).isEqualTo(meaning);
  }

  @Test
  void aNumberIsAnAsAndMayBeAName() {
    assertThat(SearchTerm.of("64511").stream().map(SearchTermTest::say))
        .containsExactly("As 64511", "Name 64511");
  }

  @Test
  void threeNumbersAreALargeCommunityAndNoBadAddress() {
    assertThat(SearchTerm.of("1:2:3").stream().map(SearchTermTest::say))
        .containsExactly("Community 1:2:3", "Name 1:2:3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n"})
  void nothingMeansNothing(String typed) {
    assertThat(SearchTerm.of(typed)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "//", ":", "::::", "+", "%00", "nh:", "path:", "AS", "-1", "\u0000", "·/·"})
  void noTextWhateverBreaksIt(String typed) {
    assertThat(SearchTerm.of(typed)).isNotEmpty();
  }

  private static String say(SearchTerm term) {
    return switch (term) {
      case SearchTerm.Address(Prefix _, String text) -> "Address " + text;
      case SearchTerm.Exact(Prefix prefix, boolean asTyped, boolean inside) ->
          "Exact " + prefix + (asTyped ? "" : " cleared") + (inside ? " inside" : "");
      case SearchTerm.Nlri(String text) -> "Nlri " + text;
      case SearchTerm.As(long as) -> "As " + as;
      case SearchTerm.Community(String text) -> "Community " + text;
      case SearchTerm.NextHop(String address) -> "NextHop " + address;
      case SearchTerm.Path(List<Long> ases) ->
          "Path " + String.join(" ", ases.stream().map(String::valueOf).toList());
      case SearchTerm.Name(String text) -> "Name " + text;
      case SearchTerm.NoPrefix(String _) -> "NoPrefix";
    };
  }
}
