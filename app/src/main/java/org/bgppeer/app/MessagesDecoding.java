package org.bgppeer.app;

import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.function.Consumer;
import org.bgppeer.wire.ContextGuess;
import org.bgppeer.wire.Framing;
import org.bgppeer.wire.Lines;
import org.bgppeer.wire.MessageFraming;
import org.bgppeer.wire.Octets;
import org.jspecify.annotations.Nullable;

/// `decode` of a file of BGP messages, one behind the other as on the wire.
final class MessagesDecoding {
  private MessagesDecoding() {}

  /// Decodes all of it.
  ///
  /// @return whether nothing was broken
  /// @throws IOException if the output cannot be written
  static boolean run(
      InputFile file,
      DecodedText text,
      CaptureDecoding.Contexts contexts,
      OutputStream out,
      Consumer<String> err)
      throws IOException {
    var broken = new BrokenRecords(file.name(), err);
    var reader = new RecordReader(file, new MessageFraming(), 0, broken::add);
    var lines = new Lines(1 << 16);
    for (var run = reader.next(); run != null; run = reader.next()) {
      byte[] array = run.array();
      long number = run.number();
      int length;
      for (int at = run.from(); at < run.to(); at += length, number++) {
        length = Framing.length(array, at);
        Octets octets = Octets.copyOf(array, at, length);
        var place = new LinkedHashMap<String, @Nullable Object>();
        place.put("record", number);
        place.put("offset", run.offsetOf(at));
        var message = new HeardMessage(place, null, null, null, 0, 0, false, octets, null);
        text.write(message, contexts.of(octets, ContextGuess.of(octets, Set.of())), lines);
        if (lines.length() > 1 << 20 || at + length == run.to()) {
          out.write(lines.array(), 0, lines.length());
          lines.clear();
        }
      }
      reader.recycle(run);
    }
    return !broken.finish();
  }
}
