package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PathGraphTest {
  private static final int HALF = 19;
  private static final Pattern STRAIGHT = Pattern.compile(" (\\d+)H\\d+");

  private final StoryQueries story = StoryQueries.night();

  private PathGraph.Path path(String text) {
    return PathGraph.Path.of(
        story.route(
            "Northwind Transit",
            "203.0.113.0/28",
            null,
            text,
            "192.0.2.1",
            null,
            null,
            "",
            "",
            "2026-03-17 03:00:00"));
  }

  private PathGraph graph(String... paths) {
    List<PathGraph.Path> routes = Stream.of(paths).map(this::path).toList();
    return Objects.requireNonNull(PathGraph.of(routes, Map.of(), AsNames.NONE));
  }

  @Test
  void aLineThatPassesAnAsRunsBesideIt() {
    PathGraph graph = graph("64500 64501 64502", "64500 64502");

    PathGraph.Node passed =
        graph.nodes().stream()
            .filter(node -> node.text().equals("AS64501"))
            .findFirst()
            .orElseThrow();
    int middle = passed.y() + HALF;
    assertThat(graph.edges())
        .filteredOn(edge -> edge.d().contains("H"))
        .singleElement()
        .satisfies(
            edge -> {
              var straight = STRAIGHT.matcher(edge.d());
              assertThat(straight.find()).isTrue();
              assertThat(Math.abs(Integer.parseInt(straight.group(1)) - middle))
                  .isGreaterThan(HALF);
            });
  }

  @Test
  void aSessionThatSkipsTheFirstAsOfOthersDoesNotRunThroughThem() {
    PathGraph graph = graph("64500 64501 64502", "64502", "64503 64501 64502");

    assertThat(graph.edges()).filteredOn(edge -> edge.d().contains("H")).hasSize(1);
    assertThat(graph.nodes())
        .extracting(PathGraph.Node::text)
        .containsExactlyInAnyOrder("AS64500", "AS64501", "AS64502", "AS64503");
  }
}
