package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MomentTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-17T12:00:00Z"), ZoneOffset.UTC);

  @ParameterizedTest
  @CsvSource({
    "2026-03-17T03:11:50Z, 2026-03-17T03:11:50Z",
    "2026-03-17T03:11:50.123456Z, 2026-03-17T03:11:50.123456Z",
    "2026-03-17T04:11:50+01:00, 2026-03-17T03:11:50Z",
    "2026-03-17 03:11:50, 2026-03-17T03:11:50Z",
    "2026-03-17 03:11, 2026-03-17T03:11:00Z",
    "2026-03-17, 2026-03-17T00:00:00Z",
    "03:11, 2026-03-17T03:11:00Z",
    "30s, 2026-03-17T11:59:30Z",
    "10m, 2026-03-17T11:50:00Z",
    "10m ago, 2026-03-17T11:50:00Z",
    "2h, 2026-03-17T10:00:00Z",
    "3d, 2026-03-14T12:00:00Z",
    "now, 2026-03-17T12:00:00Z"
  })
  void aTimeIsReadAsPeopleWriteIt(String text, Instant at) {
    assertThat(Moment.parse(text, CLOCK)).isEqualTo(at);
  }

  @ParameterizedTest
  @CsvSource({"yesterday", "17.03.2026", "2026-13-01", "25:00", "''", "10x"})
  void whatIsNoTimeIsRefusedWithWhatIsAllowed(String text) {
    assertThatThrownBy(() -> Moment.parse(text, CLOCK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + text + "' is not a time; write 2026-03-17T03:11:50Z");
  }

  @Test
  void everyTimeHasMicroseconds() {
    assertThat(Moment.iso(Instant.parse("2026-03-17T03:11:50Z")))
        .isEqualTo("2026-03-17T03:11:50.000000Z");
  }
}
