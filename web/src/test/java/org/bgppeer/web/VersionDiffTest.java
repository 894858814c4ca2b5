package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.bgppeer.store.RouteRow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionDiffTest {

  @ParameterizedTest
  @CsvSource({
    "64502 64511,             64502 64511 64511 64511, Prepended twice more.",
    "64502 64511 64511,       64502 64511,             Prepended once less.",
    "64500 64503 64502 64511, 64500 64502 64511,       Path changed: AS64503 is gone from it.",
    "64500 64502 64511,       64500 64503 64502 64511, Path changed: AS64503 is new in it.",
    "64500 64502 64511,       64500 64503 64511,       Path changed.",
    "64500 64511,             64500 64502 64503 64511, 'Path changed, 2 longer.'",
    "64500 64502 64511,       64502 64500 64511,       The order in the path changed.",
  })
  void aPathSaysHowItChanged(String before, String after, String words) {
    assertThat(VersionDiff.of(route(before, null, ""), route(after, null, "")).words())
        .isEqualTo(words);
  }

  @Test
  void onlyWhatDiffersIsARowAndTheRestIsCounted() {
    var diff =
        VersionDiff.of(
            route("64500", 20L, "64500:1 64500:2"), route("64500", 40L, "64500:2 64500:3"));

    assertThat(diff.rows()).extracting(VersionDiff.Row::name).containsExactly("MED", "Communities");
    assertThat(diff.rows().get(1).before())
        .containsExactly(
            new VersionDiff.Word("64500:1", true), new VersionDiff.Word("64500:2", false));
    assertThat(diff.rows().get(1).after())
        .containsExactly(
            new VersionDiff.Word("64500:2", false), new VersionDiff.Word("64500:3", true));
    assertThat(diff.same()).contains("AS path 64500", "no Local pref").hasSize(9);
    assertThat(diff.words()).isEqualTo("MED 20 → 40. Communities changed.");
  }

  @Test
  void whatCameTwiceInAPathIsMarkedOnce() {
    var diff = VersionDiff.of(route("64502 64511", null, ""), route("64502 64511 64511", null, ""));

    assertThat(diff.rows().getFirst().after())
        .extracting(VersionDiff.Word::differs)
        .containsExactly(false, false, true);
  }

  @Test
  void aMedThatIsNotSentAnyMoreIsNone() {
    assertThat(VersionDiff.of(route("64500", 20L, ""), route("64500", null, "")).words())
        .isEqualTo("MED 20 → none.");
  }

  @Test
  void theSameAgainSaysSo() {
    assertThat(VersionDiff.of(route("64500", 20L, ""), route("64500", 20L, "")).words())
        .isEqualTo("Sent again with no difference.");
  }

  private static RouteRow route(String asPath, @Nullable Long med, String communities) {
    Instant at = Instant.parse("2026-03-17T03:00:00Z");
    return new RouteRow(
        "r1",
        "192.0.2.1",
        64500,
        "ipv4-unicast",
        "198.51.100.0/24",
        "",
        null,
        "192.0.2.1",
        true,
        false,
        null,
        false,
        "",
        "IGP",
        asPath,
        64511L,
        med,
        null,
        communities,
        "",
        "",
        false,
        null,
        "",
        at,
        null,
        at,
        at,
        1L,
        null);
  }
}
