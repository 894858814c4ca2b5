package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AsNamesTest {
  @TempDir private Path directory;

  private AsNames names(String text) throws IOException {
    return AsNames.read(Files.writeString(directory.resolve("as-names.txt"), text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "AS13335,Cloudflare,Content,US                | Cloudflare",
        "AS13335,\"Cloudflare, Inc.\",Content,US      | Cloudflare, Inc.",
        "AS13335,\"The \"\"Cloud\"\"\",Content,US     | The \"Cloud\"",
        "as13335,Cloudflare                           | Cloudflare",
        "13335;Cloudflare;US                          | Cloudflare",
        "13335 CLOUDFLARENET, US                      | CLOUDFLARENET",
        "13335 CLOUDFLARENET - Cloudflare, Inc., US   | CLOUDFLARENET - Cloudflare, Inc.",
        "  AS13335   CLOUDFLARENET                    | CLOUDFLARENET",
        "13335 Société Générale, FR                   | Société Générale"
      })
  void aLineOfEitherFormNamesAnAs(String line, String name) throws IOException {
    assertThat(names(line + "\n").of(13335)).isEqualTo(name);
  }

  @Test
  void whatIsNoLineIsLeftOutAndTheOthersStay() throws IOException {
    AsNames names =
        names(
            """
            asn,name,class,cc
            # mine
            hello
            AS4294967296,too large,,
            AS99999999999,far too large,,

            AS64500,,Unknown,
            AS64501,Baltic Backbone,,
            AS4294967295,Last,,
            AS0,Zero,,
            AS64501,Baltic Backbone again,,
            """);

    assertThat(names.of(64501)).isEqualTo("Baltic Backbone again");
    assertThat(names.of(4294967295L)).isEqualTo("Last");
    assertThat(names.of(0)).isEqualTo("Zero");
    assertThat(names.of(64500)).isEmpty();
    assertThat(names.of(64502)).isEmpty();
    assertThat(names.size()).isEqualTo(4);
  }

  @Test
  void octetsThatAreNoTextAndNamesThatDoNotEndCostNothingElse() throws IOException {
    Path file = directory.resolve("asns.csv");
    Files.write(file, new byte[] {'1', ' ', 'A', (byte) 0xe9, '\n', '2', ' ', 'B', '\n'});
    assertThat(AsNames.read(file).of(2)).isEqualTo("B");

    AsNames names = names("1 " + "𐍈".repeat(5000) + "\n2 B\n");
    assertThat(names.of(1)).matches("(?:𐍈){20,80}");
    assertThat(names.of(2)).isEqualTo("B");
  }

  @Test
  void theNamesOfTheWholeInternetAreFoundByNumberAndByAPart() throws IOException {
    AsNames names =
        names(
            LongStream.range(0, 120_000)
                .mapToObj(as -> "AS" + as * 7 + ",Network " + as + ",,\n")
                .collect(Collectors.joining()));

    assertThat(names.size()).isEqualTo(120_000);
    assertThat(names.of(7 * 119_999L)).isEqualTo("Network 119999");
    assertThat(names.of(8)).isEmpty();
    assertThat(names.search("WORK 11999", 3))
        .extracting(AsNames.Named::name)
        .containsExactly("Network 11999", "Network 119990", "Network 119991");
  }

  @Test
  void aNameThatBeginsWithThePartComesFirst() throws IOException {
    AsNames names = names("1 Great Baltic\n2 Baltic Backbone\n3 baltika\n4 Other\n");

    assertThat(names.search("balti", 9))
        .extracting(AsNames.Named::as, AsNames.Named::name)
        .containsExactly(
            tuple(2L, "Baltic Backbone"), tuple(3L, "baltika"), tuple(1L, "Great Baltic"));
    assertThat(names.search("b", 9)).as("one letter is in all of them").isEmpty();
  }

  @Test
  void aFileThatComesChangesOrGoesCountsAtOnce() throws IOException {
    Path first = directory.resolve("as-names.txt");
    Path second = directory.resolve("asns.csv");
    AsNames.Source source = AsNames.Source.of(List.of(first, second));
    assertThat(source.now().of(1)).isEmpty();

    Files.writeString(second, "AS1,One,,\n");
    assertThat(source.now().of(1)).isEqualTo("One");
    Files.writeString(first, "1 Uno\n");
    assertThat(source.now().of(1)).isEqualTo("Uno");
    Files.writeString(first, "1 Une\n");
    Files.setLastModifiedTime(first, FileTime.from(Instant.parse("2026-03-17T03:12:07Z")));
    assertThat(source.now().of(1)).isEqualTo("Une");
    Files.delete(first);
    Files.delete(second);
    assertThat(source.now().of(1)).isEmpty();
  }

  @Test
  void theNamesAlongAPathAreReadInItsOrder() throws IOException {
    AsNames names = names("64500 Northwind Transit\n64511 Orchard University\n");

    assertThat(names.along("64500 64502 64511 64511"))
        .isEqualTo("Northwind Transit › AS64502 › Orchard University");
    assertThat(names.along("64502 {64503 64504}")).isEmpty();
    assertThat(names.title(new Text.Hop(64511L, 2, "64511")))
        .isEqualTo("Orchard University, 2 times in a row");
    assertThat(names.title(new Text.Hop(64502L, 1, "64502"))).isNull();
  }
}
