package org.bgppeer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Updates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffTest {
  private static final String A = "192.0.2.1";
  private static final String B = "192.0.2.2";
  private static final Set<RouteField> ALL = EnumSet.allOf(RouteField.class);

  @TempDir Path directory;
  private Story story;

  @BeforeEach
  void begin() throws Exception {
    story = new Story(directory);
    story
        .up(A, 64500)
        .up(B, 64501)
        .update(A, 64500, new Updates().usual(A, 64500, 64511).nlri("10.0.0.0/8", "10.1.0.0/16"))
        .update(B, 64501, new Updates().usual(A, 64500, 64511).nlri("10.0.0.0/8", "10.3.0.0/16"))
        .update(B, 64501, new Updates().usual(B, 64501, 64511).med(7).nlri("10.1.0.0/16"))
        .update(
            B,
            64501,
            new Updates()
                .origin(0)
                .asPath(64501, 64511)
                .mpReach(Family.IPV6_UNICAST, "2001:db8::1", "2001:db8::/32"))
        .settle();
  }

  @AfterEach
  void end() throws Exception {
    story.close();
  }

  private static RouteQuery of(String neighbor) {
    return RouteQuery.all(10).withNeighbor(neighbor).withActive(true);
  }

  private List<String> diff(DiffQuery query) {
    var lines = new ArrayList<String>();
    for (var next = query; next != null; ) {
      var page = story.queries.diff(next);
      for (var row : page.rows()) {
        lines.add(
            row.prefix() + (row.b() == null ? " A" : row.a() == null ? " B" : " " + row.changed()));
      }
      next = page.next() == null ? null : query.withAfter(page.next());
    }
    return lines;
  }

  @Test
  void ofTwoNeighborsWhatOnlyOneHasAndWhatTheySayDifferently() {
    assertThat(diff(new DiffQuery(of(A), of(B), ALL, null, 100)))
        .containsExactly(
            "10.1.0.0/16 [NEXT_HOP, AS_PATH, MED]", "10.3.0.0/16 B", "2001:db8::/32 B");
    assertThat(diff(new DiffQuery(of(B), of(A), Set.of(RouteField.ORIGIN), null, 100)))
        .containsExactly("10.3.0.0/16 A", "2001:db8::/32 A");
    assertThat(diff(new DiffQuery(of(A), of(A), ALL, null, 100))).isEmpty();
  }

  @Test
  void pagesFollowEachOtherWithoutGapOrRepetition() {
    assertThat(diff(new DiffQuery(of(A), of(B), ALL, null, 1)))
        .isEqualTo(diff(new DiffQuery(of(A), of(B), ALL, null, 100)))
        .hasSize(3);
  }

  @Test
  void ofOneNeighborWhatChangedBetweenTwoTimes() throws Exception {
    var then = story.now();
    story
        .pass(Duration.ofMinutes(1))
        .update(A, 64500, new Updates().usual(A, 64500, 64512).nlri("10.1.0.0/16"))
        .update(A, 64500, new Updates().withdraw("10.0.0.0/8"))
        .update(A, 64500, new Updates().usual(A, 64500, 64511).nlri("10.9.0.0/16"))
        .settle();

    assertThat(diff(new DiffQuery(of(A).withAt(then), of(A), ALL, null, 100)))
        .containsExactly("10.0.0.0/8 A", "10.1.0.0/16 [AS_PATH]", "10.9.0.0/16 B");
    assertThat(diff(new DiffQuery(of(A), of(A).withAt(story.now()), ALL, null, 100))).isEmpty();
  }

  @Test
  void aNeighborThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> story.queries.diff(new DiffQuery(of(A), of("nobody"), ALL, null, 100)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no neighbor 'nobody'");
  }
}
