package org.bgppeer.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.bgppeer.wire.Prefix;

/// The prefixes that ship with the simulator: real ones, with their real origin AS. The README
/// beside the resource says where they come from. A line of it is `ORIGIN PREFIX PREFIX …`.
final class DemoTable {
  private static final String RESOURCE = "demo-table.txt.gz";

  private DemoTable() {}

  /// A prefix and the AS that announces it first.
  record Origination(Prefix prefix, long originAs) {}

  /// All of them, in the order of the origin AS, IPv4 before IPv6, then by address.
  static List<Origination> load() {
    var stream = DemoTable.class.getResourceAsStream(RESOURCE);
    if (stream == null) {
      throw new IllegalStateException(RESOURCE + " is not on the class path: build `replay` again");
    }
    var table = new ArrayList<Origination>();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(stream), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ");
        long originAs = Long.parseLong(words[0]);
        for (int i = 1; i < words.length; i++) {
          table.add(new Origination(Prefix.parse(words[i]), originAs));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE + " from the class path", e);
    }
    return table;
  }
}
