package org.bgppeer.app;

import java.net.InetAddress;
import java.time.Instant;
import org.bgppeer.journal.Journal;
import org.bgppeer.session.Endpoints;
import org.bgppeer.session.Recorder;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.MrtFormat;
import org.bgppeer.wire.StateReason;
import org.bgppeer.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/// Writes what sessions do into the journal, as MRT records. This is where `session` and `journal`
/// meet, neither of which knows the other.
final class JournalRecorder implements Recorder {
  private static final int FIRST_CAPACITY = 8192;

  private final Journal journal;
  private final MrtFormat format;
  private final ThreadLocal<WireWriter> writers =
      ThreadLocal.withInitial(() -> new WireWriter(FIRST_CAPACITY));

  JournalRecorder(Journal journal, MrtFormat format) {
    this.journal = journal;
    this.format = format;
  }

  @Override
  public void message(
      Endpoints endpoints,
      boolean sent,
      Instant at,
      byte[] octets,
      int offset,
      int length,
      DecodeContext context) {
    byte[] peer = endpoints.peer().getAddress().getAddress();
    WireWriter out = writers.get().clear();
    Mrt.writeMessage(
        out,
        format,
        at,
        sent,
        endpoints.peerAs(),
        endpoints.localAs(),
        peer,
        localAddress(endpoints, peer.length),
        octets,
        offset,
        length,
        context);
    journal.append(out.array(), 0, out.length());
  }

  @Override
  public void stateChange(
      Endpoints endpoints, Instant at, int oldState, int newState, @Nullable StateReason reason) {
    byte[] peer = endpoints.peer().getAddress().getAddress();
    byte[] records =
        Mrt.stateChange(
            format,
            at,
            endpoints.peerAs(),
            endpoints.localAs(),
            peer,
            localAddress(endpoints, peer.length),
            oldState,
            newState,
            reason);
    journal.append(records, 0, records.length);
  }

  /// Ours, in as many octets as theirs: a record has two addresses of one kind. All zero before
  /// there is a connection, when the wildcard that we listen on may be of the other kind.
  private static byte[] localAddress(Endpoints endpoints, int octets) {
    InetAddress local = endpoints.local().getAddress();
    byte[] address = local == null ? new byte[0] : local.getAddress();
    return address.length == octets ? address : new byte[octets];
  }

  @Override
  public boolean congested() {
    return journal.congested();
  }
}
