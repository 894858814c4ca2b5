package org.bgppeer.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The whole messages of other projects' tests, good and bad ones.
final class Vectors {
  private Vectors() {}

  /// All of them, as they stand there.
  static List<Octets> messages() {
    var messages = new ArrayList<Octets>();
    for (String line : text("/vectors/messages/messages.hex").split("\n")) {
      byte[] octets = Hex.octets(line);
      if (octets.length > 0) {
        messages.add(Octets.of(octets));
      }
    }
    return messages;
  }

  /// A file of the test resources.
  static String text(String name) {
    try (InputStream in = Vectors.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not there");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
