package org.bgppeer.replay;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Negotiated;
import org.jspecify.annotations.Nullable;

/// The UPDATEs of an MRT file, in their order and at their pace, octet for octet where the session
/// allows: a message with 2-octet AS numbers is rewritten for one with four. What the session
/// cannot carry is left out and counted. Each new session begins with the file's first message.
final class FileFeed implements Feed {
  private static final int AT_ONCE = 64;

  private final Path path;
  private final @Nullable InetAddress peer;
  private final double speed;
  private final boolean endsSession;
  private final Offer offer;
  private final int messages;
  private final @Nullable String damage;

  private @Nullable MrtFile file;
  private @Nullable PlayedUpdate ahead;
  private long startNanos;
  private long startMicros;
  private boolean done;
  private int sent;
  private final Map<String, Integer> leftOut = new TreeMap<>();

  private FileFeed(
      Path path,
      @Nullable InetAddress peer,
      double speed,
      boolean endsSession,
      Offer offer,
      int messages,
      @Nullable String damage) {
    this.path = path;
    this.peer = peer;
    this.speed = speed;
    this.endsSession = endsSession;
    this.offer = offer;
    this.messages = messages;
    this.damage = damage;
  }

  /// Reads the file once, to know what to offer.
  ///
  /// @param peer only what came from this address; null for all
  /// @param speed 1 for as it was; infinite for as fast as possible
  /// @param endsSession whether the session ends with the file
  /// @throws IOException if there is nothing to play in it; says why
  static FileFeed open(Path path, @Nullable InetAddress peer, double speed, boolean endsSession)
      throws IOException {
    var families = new HashSet<>(Set.of(Family.IPV4_UNICAST, Family.IPV6_UNICAST));
    var withPathIds = new HashMap<Family, Integer>();
    boolean as4 = false;
    int messages = 0;
    String damage = null;
    try (var file = new MrtFile(path, peer)) {
      for (var update = file.next(); update != null; update = file.next()) {
        messages++;
        as4 |= update.as4();
        int vote = update.addPath() ? 1 : -1;
        for (var family : update.families()) {
          families.add(family);
          withPathIds.merge(family, vote, Integer::sum);
        }
      }
    } catch (IOException e) {
      if (messages == 0) {
        throw e;
      }
      damage = e.getMessage();
    }
    if (messages == 0) {
      throw new IOException(
          peer == null
              ? "it has no UPDATE (BGP4MP messages are played, RIB dumps are not)"
              : "it has no UPDATE from " + peer.getHostAddress());
    }
    withPathIds.values().removeIf(votes -> votes < 0);
    return new FileFeed(
        path,
        peer,
        speed,
        endsSession,
        new Offer(families, as4, withPathIds.keySet(), false),
        messages,
        damage);
  }

  @Override
  public Offer offer() {
    return offer;
  }

  @Override
  public Iterator<byte[]> begin(Negotiated agreed, long now) throws IOException {
    close();
    leftOut.clear();
    sent = 0;
    done = false;
    file = new MrtFile(path, peer);
    startNanos = now;
    advance();
    startMicros = ahead != null ? ahead.micros() : 0;
    return Collections.emptyIterator();
  }

  @Override
  public Iterator<byte[]> refresh(Negotiated agreed, Family family) {
    throw new IllegalStateException("a file cannot be refreshed, and this was not offered");
  }

  @Override
  public long nanosToNext(long now) {
    if (ahead == null) {
      return Long.MAX_VALUE;
    }
    return startNanos + (long) ((ahead.micros() - startMicros) * 1000 / speed) - now;
  }

  @Override
  public List<byte[]> next(Negotiated agreed) throws IOException {
    var due = new ArrayList<byte[]>();
    long now = System.nanoTime();
    while (ahead != null && due.size() < AT_ONCE && nanosToNext(now) <= 0) {
      byte[] message = carried(ahead, agreed);
      if (message != null) {
        due.add(message);
        sent++;
      }
      advance();
    }
    return due;
  }

  /// The message as this session can carry it; null if it cannot.
  private byte @Nullable [] carried(PlayedUpdate update, Negotiated agreed) {
    for (var family : update.families()) {
      if (!agreed.families().contains(family)) {
        return leaveOut(family + " was not agreed");
      }
      if (update.addPath() != agreed.addPathReceive().contains(family)) {
        return leaveOut(
            update.addPath()
                ? "ADD-PATH of " + family + " was not agreed"
                : "others of " + family + " have path identifiers and these have not");
      }
    }
    if (update.as4() && !agreed.as4()) {
      return leaveOut("4-octet AS numbers were not agreed");
    }
    byte[] message = agreed.as4() ? update.widened() : update.message();
    if (message == null) {
      return leaveOut("malformed, with 2-octet AS numbers");
    }
    if (message.length > agreed.maxLength()) {
      return leaveOut("longer than " + agreed.maxLength() + " octets");
    }
    return message;
  }

  private byte @Nullable [] leaveOut(String why) {
    leftOut.merge(why, 1, Integer::sum);
    return null;
  }

  private void advance() throws IOException {
    if (file == null) {
      throw new IllegalStateException("no session has begun");
    }
    // A damaged file is played as far as it was found whole.
    ahead = damage != null && sent + leftOutTotal() == messages ? null : file.next();
    if (ahead == null) {
      done = true;
      close();
    }
  }

  private int leftOutTotal() {
    return leftOut.values().stream().mapToInt(Integer::intValue).sum();
  }

  private void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
    }
  }

  /// Whether a session has been sent all of it.
  boolean isDone() {
    return done;
  }

  /// Whether the session is to end with the file.
  boolean endsSession() {
    return endsSession;
  }

  /// How much was sent, and what was not, and why.
  String sentText() {
    var text = new StringBuilder("sent " + sent + " of " + messages + " UPDATEs");
    leftOut.forEach(
        (why, count) -> text.append("; left out ").append(count).append(": ").append(why));
    return text.toString();
  }

  @Override
  public String toString() {
    return messages + " UPDATEs in " + path + (damage == null ? "" : "; damaged: " + damage);
  }
}
