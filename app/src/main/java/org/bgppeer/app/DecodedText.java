package org.bgppeer.app;

import java.time.Instant;
import java.util.LinkedHashMap;
import org.bgppeer.wire.BgpdumpFormat;
import org.bgppeer.wire.ContextGuess;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.ExabgpFormat;
import org.bgppeer.wire.Lines;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.MrtError;
import org.bgppeer.wire.MrtRecord;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.PeerIndex;
import org.bgppeer.wire.SeedFormat;
import org.jspecify.annotations.Nullable;

/// Writes messages and MRT records in one of the formats of `decode`; belongs to one thread.
final class DecodedText implements RecordText {
  private static final Octets NOWHERE = Octets.of(new byte[4]);

  private final DecodeCommand.Format format;
  private final BgpdumpFormat bgpdump = new BgpdumpFormat();
  private final ExabgpFormat exabgp;

  /// @param exabgpVersion of the JSON of ExaBGP, 4 or 6
  DecodedText(DecodeCommand.Format format, int exabgpVersion) {
    this.format = format;
    exabgp = new ExabgpFormat(exabgpVersion);
  }

  /// Writes one message.
  void write(HeardMessage message, ContextGuess guess, Lines out) {
    DecodeContext context = guess.context();
    switch (format) {
      case json -> {
        var record = new LinkedHashMap<>(message.place());
        DecodedRecord.message(message.octets(), context, guess.why(), message.problem(), record);
        JsonText.write(record, out);
        out.put('\n');
      }
      case seed -> {
        JsonText.write(SeedFormat.of(message.octets(), context), out);
        out.put('\n');
      }
      case python -> {
        for (char c : SeedFormat.python(SeedFormat.of(message.octets(), context)).toCharArray()) {
          out.utf8(c);
        }
        out.put('\n');
      }
      case exabgp -> {
        JsonText.write(exabgp.of(message.forExabgp(), message.octets(), context), out);
        out.put('\n');
      }
      case bgpdump -> {
        byte[] record = record(message, context);
        bgpdump.write(record, 0, record.length, null, out);
      }
    }
    out.handOn();
  }

  /// The message as an archive has it; without a time if that is not known.
  private static byte[] record(HeardMessage message, DecodeContext context) {
    Instant at = message.at();
    Octets peer = message.peer();
    Octets local = message.local();
    byte[] octets = message.octets().toByteArray();
    byte[] record =
        Mrt.bgp4mpMessage(
            at == null ? Instant.EPOCH : at,
            false,
            message.peerAs(),
            message.localAs(),
            (peer == null ? NOWHERE : peer).toByteArray(),
            (local == null ? NOWHERE : local).toByteArray(),
            octets,
            0,
            octets.length,
            context);
    return at == null ? Mrt.withoutMicroseconds(record) : record;
  }

  @Override
  public @Nullable String write(
      byte[] array,
      int offset,
      int length,
      long number,
      long fileOffset,
      @Nullable PeerIndex peers,
      Lines out) {
    return switch (format) {
      case bgpdump -> bgpdump.write(array, offset, length, peers, out);
      case json -> {
        var record = DecodedRecord.of(array, offset, length, number, fileOffset, peers);
        JsonText.write(record, out);
        out.put('\n').handOn();
        yield record.get("problem") instanceof String what ? what : null;
      }
      case seed, python, exabgp -> {
        String what = MrtRecord.problem(array, offset, length, peers);
        yield what == null ? message(array, offset, length, out) : what;
      }
    };
  }

  /// The message of a record; formats of messages have no line for a record without one.
  private @Nullable String message(byte[] array, int offset, int length, Lines out) {
    MrtRecord record;
    try {
      record = MrtRecord.of(array, offset, offset + length);
    } catch (MrtError e) {
      return e.getMessage();
    }
    if (!record.isMessage()) {
      return null;
    }
    var message =
        new HeardMessage(
            new LinkedHashMap<>(),
            record.at(),
            record.peerAddress(),
            record.localAddress(),
            record.peerAs(),
            record.localAs(),
            record.isLocal(),
            Octets.copyOf(array, record.messageOffset(), record.messageLength()),
            null);
    write(message, new ContextGuess(record.context(), "the record says so"), out);
    return null;
  }
}
