package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommunityDictionaryTest {
  private static final String TEXT =
      """
      # what AS 64500 means
      64500:100,learned from a customer
      64500:x2,learned in city $0
      64500:200-299,internal
      64500:3nnn,never: digits before nnn
      64500:0:nnn,not to AS$0
      64500:x:nnn,prepend $0 times to AS$1
      soo 64500:nnn,site $0
      this line is none
      64500:x:
      """;

  /// Both spellings that versions of the draft have had.
  private static final String JSON =
      """
      {"ietf-bgp-communities:bgp-communities": {
        "regular": [
          {"name": "PREPEND", "description": "prepend to Europe", "global-admin": 64501,
           "local-admin": {"field": [{"name": "where", "length": 3, "pattern": "^210$"},
                                     {"name": "times", "length": 1, "pattern": "[1-5]"}]}},
          {"name": "RFC4384", "description": "from NL", "globaladmin": 64501,
           "localadmin": {"format": "binary", "fields": [
              {"name": "region", "length": 5, "pattern": "00101"},
              {"name": "satellite", "length": 1, "pattern": "[0-1]"},
              {"name": "country", "length": 10, "pattern": "1000010000"}]}}],
        "large": [
          {"name": "NO-EXPORT-ASN", "global-admin": 64501,
           "local-data-part-1": {"field": [{"name": "f", "pattern": "4"}]},
           "local-data-part-2": {"field": [{"name": "as", "pattern": ".*"}]}}],
        "extended": [
          {"name": "TO-PEER", "type": 0, "subtype": 2, "asn": 64501,
           "local-admin": {"field": [{"name": "as", "pattern": "[0-9]+"}]}}]
      }}
      """;

  @TempDir private static Path directory;
  private static CommunityDictionary dictionary;

  @BeforeAll
  static void read() throws IOException {
    Files.writeString(directory.resolve("as64500.txt"), TEXT);
    Files.writeString(directory.resolve("as64501.json"), JSON);
    Files.writeString(directory.resolve("broken.json"), "{\"regular\": [");
    Files.writeString(directory.resolve("other.json"), "{}");
    Files.writeString(directory.resolve("README"), "64500:1,not read");
    dictionary = CommunityDictionary.of(directory);
  }

  @ParameterizedTest
  @CsvSource({
    "65535:666,      blackhole",
    "65535:65281,    no-export",
    "64500:100,      learned from a customer",
    "64500:72,       learned in city 7",
    "64500:200,      internal",
    "64500:299,      internal",
    "64500:300,      ",
    "64500:0:13335,  not to AS13335",
    "64500:3:13335,  prepend 3 times to AS13335",
    "64500:31:13335, ",
    "soo:64500:7,    site 7",
    "rt:64500:7,     ",
    "64501:2103,     prepend to Europe",
    "64501:2106,     ",
    "64501:10768,    from NL",
    "64501:4:174,    NO-EXPORT-ASN",
    "64501:5:174,    ",
    "rt:64501:9,     TO-PEER",
    "64500:1,        ",
    "link-bandwidth:64500:12.5, ",
    "0x0123456789abcdef, ",
  })
  void aCommunityHasTheMeaningOfTheFirstEntryThatFits(String community, @Nullable String meaning) {
    CommunityDictionary.Named named = dictionary.of(community);
    assertThat(named == null ? null : named.meaning()).isEqualTo(meaning);
  }

  @Test
  void itSaysWhereAMeaningIsFrom() {
    assertThat(dictionary.of("64500:100"))
        .extracting(CommunityDictionary.Named::source)
        .isEqualTo("as64500.txt");
    assertThat(dictionary.of("64501:2103"))
        .extracting(CommunityDictionary.Named::source)
        .isEqualTo("as64501.json");
  }

  @Test
  void withoutADirectoryTheWellKnownOnesAreThere() {
    CommunityDictionary none = CommunityDictionary.of(directory.resolve("nowhere"));
    assertThat(none.size()).isZero();
    assertThat(none.of("65535:0"))
        .extracting(CommunityDictionary.Named::meaning)
        .isEqualTo("graceful-shutdown");
  }
}
