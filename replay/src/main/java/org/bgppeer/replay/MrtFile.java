package org.bgppeer.replay;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.bgppeer.wire.Framing;
import org.bgppeer.wire.MessageType;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.MrtError;
import org.bgppeer.wire.MrtRecord;
import org.jspecify.annotations.Nullable;

/// The UPDATEs that a collector received, read from its MRT file, plain or gzipped, one by one. All
/// else in the file is passed over.
final class MrtFile implements AutoCloseable {
  private static final int LONGEST_RECORD = 1 << 24;

  private final InputStream in;
  private final byte @Nullable [] peer;
  private byte[] record = new byte[8192];
  private long offset;

  /// @param peer only what came from this address; null for all
  MrtFile(Path file, @Nullable InetAddress peer) throws IOException {
    this.peer = peer == null ? null : peer.getAddress();
    var buffered = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    buffered.mark(2);
    boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
    buffered.reset();
    try {
      this.in = gzip ? new BufferedInputStream(new GZIPInputStream(buffered), 1 << 16) : buffered;
    } catch (IOException e) {
      buffered.close();
      throw e;
    }
  }

  /// The next UPDATE; null at the end of the file.
  ///
  /// @throws IOException if the file cannot be read, is no MRT, or ends inside a record; says where
  @Nullable PlayedUpdate next() throws IOException {
    while (true) {
      int read = in.readNBytes(record, 0, Mrt.HEADER_LENGTH);
      if (read == 0) {
        return null;
      }
      long length = read < Mrt.HEADER_LENGTH ? LONGEST_RECORD : MrtRecord.length(record, 0);
      if (length > LONGEST_RECORD) {
        throw new IOException("not an MRT record at octet " + offset);
      }
      if (record.length < length) {
        record = Arrays.copyOf(record, (int) length);
      }
      int rest = (int) length - Mrt.HEADER_LENGTH;
      if (in.readNBytes(record, Mrt.HEADER_LENGTH, rest) < rest) {
        throw new IOException("the file ends inside the record at octet " + offset);
      }
      PlayedUpdate update;
      try {
        update = update(MrtRecord.of(record, 0, (int) length));
      } catch (MrtError e) {
        throw new IOException("at octet " + offset + ": " + e.getMessage(), e);
      }
      offset += length;
      if (update != null) {
        return update;
      }
    }
  }

  private @Nullable PlayedUpdate update(MrtRecord found) {
    if (!found.isMessage() || found.isLocal()) {
      return null;
    }
    if (peer != null && !Arrays.equals(peer, found.peerAddress().toByteArray())) {
      return null;
    }
    int at = found.messageOffset();
    int length = found.messageLength();
    boolean update =
        length >= MessageType.Assigned.UPDATE.minLength()
            && Framing.length(record, at) == length
            && Framing.type(record, at) == MessageType.Assigned.UPDATE.code();
    if (!update) {
      return null;
    }
    long micros = found.seconds() * 1_000_000 + found.micros();
    return new PlayedUpdate(
        micros, found.as4(), found.addPath(), Arrays.copyOfRange(record, at, at + length));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
