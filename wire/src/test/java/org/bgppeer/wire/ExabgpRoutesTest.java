package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What ExaBGP makes of its commands, and what it expects to read: `vectors/nlri/exabgp.txt`.
class ExabgpRoutesTest {
  /// A message and the routes in it.
  record Story(String name, byte[] message, List<String> routes) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Story> stories() {
    return Arrays.stream(Vectors.text("/vectors/nlri/exabgp.txt").split("\n\n"))
        .map(
            paragraph -> {
              List<String> lines = paragraph.lines().toList();
              return new Story(
                  lines.get(0).substring(2),
                  Octets.ofHex(lines.get(1)).toByteArray(),
                  lines.subList(2, lines.size()));
            });
  }

  @ParameterizedTest
  @MethodSource("stories")
  void itsRoutesHaveTheTextThatTheCommandSays(Story story) {
    var update =
        Update.decode(story.message, 0, story.message.length, DecodeContext.AS4.withIbgp(true));
    var routes = new ArrayList<String>();
    add("- ", update.withdrawn(), routes);
    add("+ ", update.announced(), routes);

    assertThat(routes).isEqualTo(story.routes);
  }

  private static void add(String sign, List<NlriBlock> blocks, List<String> routes) {
    for (NlriBlock block : blocks) {
      for (var route = block.routes(); route.next(); ) {
        String details = route.details();
        routes.add(
            sign
                + block.family()
                + " "
                + route.text()
                + (details.isEmpty() ? "" : " | " + details));
      }
    }
  }
}
