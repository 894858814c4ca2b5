package org.bgppeer.session;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Framing;
import org.bgppeer.wire.Kept;
import org.bgppeer.wire.MessageType;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.StateReason;
import org.jspecify.annotations.Nullable;

/// A recorder for tests: keeps all that it is told, and lets a test wait for it.
public final class Tape implements Recorder {
  private static final long PATIENCE_SECONDS = 10;

  /// What it was told: a [Said] or a [Changed].
  public sealed interface Entry {
    Endpoints endpoints();

    Instant at();
  }

  /// A message.
  public record Said(
      Endpoints endpoints, Instant at, boolean sent, List<Byte> octets, DecodeContext context)
      implements Entry {
    public byte[] message() {
      byte[] array = new byte[octets.size()];
      for (int i = 0; i < array.length; i++) {
        array[i] = octets.get(i);
      }
      return array;
    }

    public MessageType type() {
      return MessageType.of(octets.get(18) & 0xff);
    }

    @Override
    public String toString() {
      return (sent ? "> " : "< ") + type();
    }
  }

  /// A state change.
  public record Changed(
      Endpoints endpoints,
      Instant at,
      int oldState,
      int newState,
      @Nullable SessionCause cause,
      List<Kept> kept,
      String text)
      implements Entry {
    @Override
    public String toString() {
      return oldState + "->" + newState + (cause == null ? "" : " " + cause);
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private volatile boolean full;
  private volatile @Nullable CountDownLatch ends;

  @Override
  public void message(
      Endpoints endpoints,
      boolean sent,
      Instant at,
      byte[] octets,
      int offset,
      int length,
      DecodeContext context) {
    if (Framing.length(octets, offset) != length) {
      throw new IllegalArgumentException("not a whole message");
    }
    var copy = new ArrayList<Byte>(length);
    for (byte octet : Arrays.copyOfRange(octets, offset, offset + length)) {
      copy.add(octet);
    }
    add(new Said(endpoints, at, sent, List.copyOf(copy), context));
  }

  @Override
  public void stateChange(
      Endpoints endpoints, Instant at, int oldState, int newState, @Nullable StateReason reason) {
    add(
        reason == null
            ? new Changed(endpoints, at, oldState, newState, null, List.of(), "")
            : new Changed(
                endpoints, at, oldState, newState, reason.cause(), reason.kept(), reason.text()));
    waitAtEnd(newState);
  }

  /// Lets whoever records the end of a session wait until this is opened.
  public void holdEnds(CountDownLatch until) {
    ends = until;
  }

  private void waitAtEnd(int newState) {
    CountDownLatch until = ends;
    if (until != null && newState == 1) {
      try {
        if (!until.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          throw new IllegalStateException("never opened");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized void add(Entry entry) {
    entries.add(entry);
    notifyAll();
  }

  @Override
  public boolean congested() {
    return full;
  }

  /// Says whether it can take no more.
  public void full(boolean value) {
    full = value;
  }

  /// All of it so far.
  public synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  /// Of one neighbor, as text: `> OPEN`, `< OPEN`, `5->6`.
  public List<String> of(String neighbor) {
    return entries().stream()
        .filter(entry -> entry.endpoints().neighbor().equals(neighbor))
        .map(Object::toString)
        .toList();
  }

  /// The state changes of one neighbor.
  public List<Changed> changes(String neighbor) {
    return entries().stream()
        .filter(Changed.class::isInstance)
        .map(Changed.class::cast)
        .filter(entry -> entry.endpoints().neighbor().equals(neighbor))
        .toList();
  }

  /// Waits until that many state changes of a neighbor are there; returns the last of these.
  public Changed awaitChange(String neighbor, int count) throws Exception {
    await(count + " state changes of " + neighbor, all -> changes(neighbor).size() >= count);
    return changes(neighbor).get(count - 1);
  }

  /// Waits until the entries are so.
  public synchronized void await(String what, Predicate<List<Entry>> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.test(entries)) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new TimeoutException("no " + what + " in " + entries);
      }
      wait(left);
    }
  }
}
