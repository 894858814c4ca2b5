package org.bgppeer.app;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.function.Consumer;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.Capture;
import org.bgppeer.wire.ContextGuess;
import org.bgppeer.wire.Lines;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.PacketLayers;
import org.bgppeer.wire.TcpSegment;
import org.bgppeer.wire.TcpStreams;
import org.jspecify.annotations.Nullable;

/// `decode` of a capture of packets: pcap or pcapng.
///
/// ```
/// file ─► Capture ─► PacketLayers ─► TcpStreams ─► DecodedText ─► stdout
///         packets     TCP segments    messages
/// ```
final class CaptureDecoding implements TcpStreams.Listener {
  /// Chooses how a message is decoded.
  interface Contexts {
    /// @param guess what is known of its session
    ContextGuess of(Octets message, ContextGuess guess);
  }

  private static final int TEXT_LIMIT = 1 << 20;

  private final InputFile file;
  private final @Nullable Capture capture;
  private final DecodedText text;
  private final Contexts contexts;
  private final OutputStream out;
  private final Consumer<String> err;
  private final BrokenRecords broken;
  private final TcpStreams streams = new TcpStreams(this);
  private final Lines lines = new Lines(1 << 16);
  private final RecordReader reader;
  private long number;
  private long offset;
  private Instant at = Instant.EPOCH;

  /// @param pcapng what the file is; pcap if not
  CaptureDecoding(
      InputFile file,
      boolean pcapng,
      DecodedText text,
      Contexts contexts,
      OutputStream out,
      Consumer<String> err) {
    this.file = file;
    this.text = text;
    this.contexts = contexts;
    this.out = out;
    this.err = err;
    broken = new BrokenRecords(file.name(), err);
    byte[] header = pcapng ? new byte[0] : file.readHeader(Capture.PCAP_HEADER);
    capture = pcapng ? Capture.pcapng() : Capture.pcap(header);
    reader =
        new RecordReader(
            file, capture == null ? Capture.pcapng() : capture, header.length, broken::add);
  }

  /// Decodes all of it.
  ///
  /// @return whether nothing was broken and no octets of a session were missing
  /// @throws IOException if the output cannot be written
  boolean run() throws IOException {
    if (capture == null) {
      broken.add(1, 0, "the file ends within the header of the capture");
      return !broken.finish();
    }
    var layers = new PacketLayers();
    for (var run = reader.next(); run != null; run = reader.next()) {
      byte[] array = run.array();
      number = run.number();
      int length;
      for (int at = run.from(); at < run.to(); at += length, number++) {
        length = capture.length(array, at, run.to());
        offset = run.offsetOf(at);
        Capture.Packet packet = capture.packet(array, at, length);
        String problem = capture.problem();
        if (problem != null) {
          broken.add(number, offset, problem);
        }
        if (packet != null) {
          this.at = Instant.ofEpochSecond(packet.seconds(), packet.micros() * 1000L);
          TcpSegment segment = layers.segment(array, packet);
          if (segment != null) {
            streams.add(segment);
          }
        }
        if (lines.length() > TEXT_LIMIT) {
          flush();
        }
      }
      flush();
      reader.recycle(run);
    }
    streams.finish();
    flush();
    boolean whole = !broken.finish();
    if (whole && streams.messages() == 0) {
      err.accept(
          "%s: no BGP message in its %,d records".formatted(file.name(), Math.max(0, number - 1)));
      return false;
    }
    return whole;
  }

  private void flush() throws IOException {
    out.write(lines.array(), 0, lines.length());
    lines.clear();
  }

  @Override
  public void message(TcpStreams.Stream stream, byte[] array, int from, int length) {
    Octets octets = Octets.copyOf(array, from, length);
    var place = new LinkedHashMap<String, @Nullable Object>();
    place.put("record", number);
    place.put("offset", offset);
    place.put("time", at.toString());
    place.put("source", AddressText.of(stream.source()));
    place.put("source_port", stream.sourcePort());
    place.put("destination", AddressText.of(stream.destination()));
    place.put("destination_port", stream.destinationPort());
    var message =
        new HeardMessage(
            place,
            at,
            stream.source(),
            stream.destination(),
            stream.sourceAs(),
            stream.destinationAs(),
            false,
            octets,
            null);
    text.write(message, contexts.of(octets, stream.context(octets)), lines);
  }

  @Override
  public void trouble(TcpStreams.Stream stream, String what, boolean lost) {
    String whole =
        "%s to %s: %s"
            .formatted(AddressText.of(stream.source()), AddressText.of(stream.destination()), what);
    if (lost) {
      broken.add(number, offset, whole);
    } else {
      err.accept(BrokenRecords.line(file.name(), number, offset, whole));
    }
  }
}
