package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.bgppeer.store.RouteRow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PathVersionsTest {
  private static RouteRow version(long from, @Nullable Long to) {
    var begin = Instant.ofEpochSecond(from);
    var end = to == null ? null : Instant.ofEpochSecond(to);
    return new RouteRow(
        "rs1",
        "192.0.2.1",
        64500,
        "ipv4-unicast",
        "192.0.2.0/24",
        "",
        null,
        "192.0.2.1",
        to == null,
        false,
        to == null ? null : "replaced",
        false,
        "",
        "IGP",
        "64500",
        64500L,
        null,
        null,
        "",
        "",
        "",
        false,
        null,
        "",
        begin,
        end,
        begin,
        end == null ? begin : end,
        1L,
        null);
  }

  private static int numberAt(PathVersions path, long moment) {
    return path.numberAt(Instant.ofEpochSecond(moment));
  }

  @Test
  void theVersionOfAMomentIsTheLastThatHadBegun() {
    var path = new PathVersions(List.of(version(100, 200L), version(300, null)));

    assertThat(numberAt(path, 99)).isZero();
    assertThat(numberAt(path, 100)).isEqualTo(1);
    assertThat(numberAt(path, 250)).isEqualTo(1);
    assertThat(numberAt(path, 300)).isEqualTo(2);
  }

  @Test
  void ofAMomentThatWasTwiceItIsTheOneOfTheNewestWord() {
    var replaced =
        new PathVersions(List.of(version(100, 200L), version(200, 150L), version(150, null)));
    var ended = new PathVersions(List.of(version(100, 200L), version(200, 150L)));

    assertThat(numberAt(replaced, 149)).isEqualTo(1);
    assertThat(numberAt(replaced, 150)).isEqualTo(3);
    assertThat(numberAt(replaced, 250)).isEqualTo(3);
    assertThat(numberAt(ended, 149)).isEqualTo(1);
    assertThat(numberAt(ended, 170)).isEqualTo(2);
  }
}
