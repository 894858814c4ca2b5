package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.bgppeer.store.NeighborRow;
import org.junit.jupiter.api.Test;

/// The strip of the last 24 hours.
class StripTest {
  private final StoryQueries story = StoryQueries.night();

  private Strip strip(String name) {
    NeighborRow row = story.neighbor(name).orElseThrow();
    var from = StoryQueries.NOW.minus(Duration.ofHours(24));
    var own = story.sessionsSince(from, 100).stream().filter(s -> s.neighborId() == row.id());
    return Strip.of(row, own.toList(), from, StoryQueries.NOW);
  }

  private List<String> kinds(String name) {
    return strip(name).bars().stream().map(Strip.Bar::kind).toList();
  }

  @Test
  void aSessionThatStayedUpIsOneBar() {
    assertThat(kinds("Northwind Transit")).containsExactly("active");
    assertThat(strip("Northwind Transit").label()).isEqualTo("Up for all of the last 1 d");
  }

  @Test
  void anEndIsHatchedAndNeverTooThinToSee() {
    assertThat(kinds("Baltic Backbone")).containsExactly("active", "down");
    assertThat(strip("Baltic Backbone").bars().getLast().width()).isEqualTo("2.03%");
    assertThat(kinds("Harbour IX rs1")).containsExactly("active", "down", "active");
    assertThat(strip("Harbour IX rs1").bars().get(1).width()).isEqualTo("1.50%");
  }

  @Test
  void whatWeDidNotSeeIsNotCalledDown() {
    assertThat(kinds("Harbour IX rs2")).containsExactly("active", "stale");
    assertThat(kinds("Lab RouterOS")).containsExactly("off");
    assertThat(strip("Lab RouterOS").label()).isEqualTo("Never up");
  }
}
