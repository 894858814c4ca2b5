package org.bgppeer.web;

import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;

/// Serves the story until it is ended, for looking at it: run with a port.
final class StoryServer {
  private StoryServer() {}

  /// A server over a story, at the moment of the story.
  static WebServer start(StoryQueries story, int port) {
    return WebServer.start(
        story,
        new WebConfig(
                "127.0.0.1",
                port,
                "0.1.0",
                Clock.fixed(StoryQueries.NOW, ZoneOffset.UTC),
                new WebConfig.Collector(
                    64496, "192.0.2.250", 0, List.of("192.0.2.250:179", "[2001:db8::250]:179")))
            .withNames(AsNames.Source.of(List.of(Path.of("src/test/resources/as-names.txt")))));
  }

  public static void main(String[] args) {
    StoryQueries story = args.length > 1 ? StoryQueries.empty() : StoryQueries.night();
    WebServer server = start(story, Integer.parseInt(args[0]));
    System.err.println("http://127.0.0.1:" + server.port() + "/");
  }
}
