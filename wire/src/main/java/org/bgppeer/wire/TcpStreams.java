package org.bgppeer.wire;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Puts the two streams of each TCP connection of a capture together and takes the BGP messages out
/// of them: segments that come again, out of order or overlapping are sorted out; where some are
/// missing it goes on at the next marker.
///
/// A connection is one of BGP if an end of it has port 179, or what is first seen of it begins as a
/// message does. What is kept of one is what is not yet a whole message, and segments that came too
/// early, some; of all together no more than 48 MiB, beyond which the one that was silent longest
/// loses what it has.
public final class TcpStreams {
  /// Told what is found, in the order in which it is whole.
  public interface Listener {
    /// A message.
    ///
    /// @param stream of the one who sent it
    /// @param array holds it from `offset` on, until the call returns
    void message(Stream stream, byte[] array, int offset, int length);

    /// Something that is no message.
    ///
    /// @param lost whether octets of the session are missing in the capture
    void trouble(Stream stream, String what, boolean lost);
  }

  private static final int BGP_PORT = 179;
  private static final int MAX_CONNECTIONS = 4096;
  private static final int MAX_EARLY_SEGMENTS = 64;
  private static final int MAX_EARLY_OCTETS = 1 << 18;
  private static final int MAX_MESSAGE = 65535;
  private static final int MAX_HELD = 48 << 20;
  private static final int SMALLEST = 1 << 10;

  /// What a segment that came too early takes besides its octets.
  private static final int SEGMENT = 100;

  private static final byte[] NONE = {};

  private record End(Octets address, int port) {}

  private record Ends(End source, End destination) {}

  /// What one end sends to the other.
  public static final class Stream {
    private final Octets source;
    private final int sourcePort;
    private final Octets destination;
    private final int destinationPort;
    private @Nullable Stream other;
    private boolean isBgp;
    private boolean begun;
    private long first = -1;
    private long firstData = -1;
    private long next;
    private long end = -1;
    private boolean inStep;
    private long passedOver;
    private byte[] octets = NONE;
    private int length;
    private final TreeMap<Long, byte[]> early = new TreeMap<>();
    private int earlyOctets;
    private @Nullable Octets open;
    private final ContextMemory memory = new ContextMemory();

    private Stream(Ends ends) {
      source = ends.source.address;
      sourcePort = ends.source.port;
      destination = ends.destination.address;
      destinationPort = ends.destination.port;
    }

    /// Who sends, 4 or 16 octets.
    public Octets source() {
      return source;
    }

    public int sourcePort() {
      return sourcePort;
    }

    /// To whom.
    public Octets destination() {
      return destination;
    }

    public int destinationPort() {
      return destinationPort;
    }

    /// The AS of the sender by its OPEN; 0 if that was not seen.
    public long sourceAs() {
      return as(open);
    }

    /// The AS of the receiver by its OPEN; 0 if that was not seen.
    public long destinationAs() {
      return other == null ? 0 : as(other.open);
    }

    private static long as(@Nullable Octets open) {
      Open decoded = decoded(open);
      return decoded == null ? 0 : decoded.as();
    }

    /// How to decode a message of the stream: what both OPENs agree on, or a guess.
    public ContextGuess context(Octets message) {
      return memory.context(message, decoded(open), other == null ? null : decoded(other.open));
    }

    private static @Nullable Open decoded(@Nullable Octets open) {
      try {
        return open == null ? null : Open.decode(open.array(), 0, open.length());
      } catch (OpenError e) {
        return null;
      }
    }

    private void restart() {
      begun = false;
      first = -1;
      firstData = -1;
      end = -1;
      inStep = false;
      passedOver = 0;
      length = 0;
      early.clear();
      earlyOctets = 0;
      open = null;
      memory.forget();
    }
  }

  private final Listener listener;
  private final Map<Ends, Stream> streams =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Ends, Stream> eldest) {
          if (size() > 2 * MAX_CONNECTIONS) {
            drop(eldest.getValue());
            return true;
          }
          return false;
        }
      };
  private long messages;
  private long held;

  public TcpStreams(Listener listener) {
    this.listener = listener;
  }

  /// How many messages were found.
  public long messages() {
    return messages;
  }

  /// Takes the next segment of the capture.
  public void add(TcpSegment segment) {
    var source = new End(segment.source(), segment.sourcePort());
    var destination = new End(segment.destination(), segment.destinationPort());
    Stream stream = stream(new Ends(source, destination), new Ends(destination, source));
    boolean syn = segment.has(TcpSegment.SYN); // it counts as an octet before the payload
    long data = segment.sequence() + (syn ? 1 : 0) & 0xffff_ffffL;
    if (syn && stream.first != data) {
      begin(stream, data, segment.has(TcpSegment.ACK));
    }
    if (segment.length() > 0) {
      data(stream, segment, data);
    }
    if (segment.has(TcpSegment.FIN) || segment.has(TcpSegment.RST)) {
      stream.end = data + segment.length() & 0xffff_ffffL;
    }
    if (stream.end >= 0 && (!stream.begun || stream.next == stream.end)) {
      finish(stream);
    }
    while (held > MAX_HELD) {
      makeRoom();
    }
  }

  /// A SYN: a new connection, whose ports may have been those of another.
  private void begin(Stream stream, long first, boolean answer) {
    if (stream.begun && stream.first < 0 && stream.firstData == first) {
      stream.first = first; // what it begins was captured before it
      return;
    }
    Stream other = stream.other;
    if (stream.first >= 0 && !answer && other != null) {
      restart(other);
    }
    restart(stream);
    stream.begun = true;
    stream.inStep = true;
    stream.first = first;
    stream.next = first;
  }

  private void restart(Stream stream) {
    finish(stream);
    stream.restart();
  }

  private void drop(Stream stream) {
    finish(stream);
    if (stream.other != null) {
      stream.other.other = null;
    }
  }

  /// Takes what it has from the stream that was silent longest.
  private void makeRoom() {
    for (Stream stream : streams.values()) {
      if (stream.octets.length > 0 || stream.earlyOctets > 0) {
        while (!stream.early.isEmpty()) {
          jump(stream);
        }
        if (stream.length > 0) {
          lose(stream, "too much is kept of connections with holes");
        }
        release(stream);
        return;
      }
    }
    throw new IllegalStateException(held + " octets are held, and no stream has them");
  }

  private void release(Stream stream) {
    held -= stream.octets.length;
    stream.octets = NONE;
    stream.length = 0;
  }

  private Stream stream(Ends ends, Ends back) {
    Stream known = streams.get(ends);
    if (known != null) {
      return known;
    }
    var stream = new Stream(ends);
    stream.isBgp = ends.source.port == BGP_PORT || ends.destination.port == BGP_PORT;
    Stream other = streams.get(back);
    if (other != null) {
      stream.other = other;
      other.other = stream;
      stream.isBgp |= other.isBgp;
    }
    streams.put(ends, stream);
    return stream;
  }

  /// Ends all streams: what waits for octets that never came is looked through.
  public void finish() {
    for (Stream stream : streams.values()) {
      finish(stream);
    }
  }

  private void data(Stream stream, TcpSegment segment, long sequence) {
    if (!stream.begun) {
      stream.begun = true;
      stream.firstData = sequence;
      stream.next = sequence;
      stream.inStep = beginsMessage(segment.array(), segment.offset(), segment.captured());
      if (!stream.isBgp && stream.inStep) {
        stream.isBgp = true;
        if (stream.other != null) {
          stream.other.isBgp = true;
        }
      }
    } else if (!stream.isBgp && stream.length == 0 && stream.passedOver == 0) {
      stream.isBgp = beginsMessage(segment.array(), segment.offset(), segment.captured());
      if (stream.isBgp && stream.other != null) {
        stream.other.isBgp = true;
      }
    }
    if (!stream.isBgp) {
      stream.passedOver = 1; // what does not begin as BGP never becomes it
      return;
    }
    int ahead = (int) (sequence - stream.next); // modulo 2^32, RFC 9293 §3.4
    if (ahead == -1
        && stream.length == 0
        && stream.inStep
        && beginsMessage(segment.array(), segment.offset(), segment.captured())) {
      // Captures that a program has made often do not count the SYN.
      ahead = 0;
      stream.next = sequence;
    }
    if (ahead > 0) {
      early(stream, segment, sequence);
    } else if (-(long) ahead < segment.length()) {
      take(stream, segment, -ahead);
      takeEarly(stream);
    }
  }

  /// Appends a segment without the octets that are there already.
  private void take(Stream stream, TcpSegment segment, int skip) {
    int fresh = Math.max(0, segment.captured() - skip);
    append(stream, segment.array(), segment.offset() + Math.min(skip, segment.captured()), fresh);
    stream.next = stream.next + fresh & 0xffff_ffffL;
    int cut = segment.length() - Math.max(segment.captured(), skip);
    if (cut > 0) {
      stream.next = stream.next + cut & 0xffff_ffffL;
      lose(stream, cut + " octets of a packet were not captured");
    }
  }

  private void early(Stream stream, TcpSegment segment, long sequence) {
    byte[] kept =
        Arrays.copyOfRange(
            segment.array(), segment.offset(), segment.offset() + segment.captured());
    byte[] before = stream.early.putIfAbsent(sequence, kept);
    if (before == null) {
      hold(stream, kept.length + SEGMENT);
    } else if (before.length < kept.length) {
      stream.early.put(sequence, kept);
      hold(stream, kept.length - before.length);
    }
    if (stream.early.size() > MAX_EARLY_SEGMENTS || stream.earlyOctets > MAX_EARLY_OCTETS) {
      jump(stream);
    }
  }

  private void hold(Stream stream, int octets) {
    stream.earlyOctets += octets;
    held += octets;
  }

  /// Takes what came too early and fits now.
  private void takeEarly(Stream stream) {
    while (!stream.early.isEmpty()) {
      long sequence = nearest(stream);
      int ahead = (int) (sequence - stream.next);
      if (ahead > 0) {
        return;
      }
      byte[] kept = stream.early.get(sequence);
      stream.early.remove(sequence);
      if (kept != null) {
        hold(stream, -kept.length - SEGMENT);
        if (kept.length > -ahead) {
          append(stream, kept, -ahead, kept.length + ahead);
          stream.next = stream.next + kept.length + ahead & 0xffff_ffffL;
        }
      }
    }
  }

  /// The sequence number that comes first from where the stream stands.
  private static long nearest(Stream stream) {
    long nearest = stream.early.firstKey();
    for (long sequence : stream.early.keySet()) {
      if ((int) (sequence - nearest) < 0) {
        nearest = sequence;
      }
    }
    return nearest;
  }

  /// Gives up on octets that are missing and goes on behind them.
  private void jump(Stream stream) {
    long sequence = nearest(stream);
    long missing = sequence - stream.next & 0xffff_ffffL;
    stream.next = sequence;
    lose(stream, missing + " octets are missing in the capture");
    takeEarly(stream);
  }

  private void lose(Stream stream, String what) {
    String partly =
        stream.length > 0 && stream.inStep
            ? "; the first " + stream.length + " octets of a message are lost with them"
            : "";
    listener.trouble(stream, what + partly, true);
    release(stream);
    stream.inStep = false;
    stream.passedOver = 0;
  }

  private void finish(Stream stream) {
    while (!stream.early.isEmpty()) {
      jump(stream);
    }
    if (stream.length > 0 && stream.inStep && stream.isBgp) {
      listener.trouble(
          stream,
          "the stream ends within a message, of which " + stream.length + " octets came",
          true);
    }
    release(stream);
  }

  private void append(Stream stream, byte[] array, int offset, int length) {
    if (stream.length == 0) { // mostly: then nothing is copied but what is not whole yet
      int done = messages(stream, array, offset, offset + length);
      keep(stream, array, done, offset + length - done);
      return;
    }
    room(stream, stream.length + length);
    System.arraycopy(array, offset, stream.octets, stream.length, length);
    stream.length += length;
    int done = messages(stream, stream.octets, 0, stream.length);
    keep(stream, stream.octets, done, stream.length - done);
  }

  private void keep(Stream stream, byte[] array, int offset, int length) {
    if (length == 0) {
      release(stream);
      return;
    }
    room(stream, length);
    System.arraycopy(array, offset, stream.octets, 0, length);
    stream.length = length;
  }

  private void room(Stream stream, int length) {
    if (stream.octets.length < length) {
      int before = stream.octets.length;
      stream.octets =
          Arrays.copyOf(stream.octets, Math.max(SMALLEST, Math.max(before * 2, length)));
      held += stream.octets.length - before;
    }
  }

  /// Tells the messages at the beginning of what is there; returns where they end.
  private int messages(Stream stream, byte[] array, int from, int end) {
    int at = from;
    while (true) {
      int left = end - at;
      if (!stream.inStep) {
        int found = search(array, at, end);
        if (found < 0) {
          int keep = Math.min(left, Framing.HEADER_LENGTH - 1);
          stream.passedOver += left - keep;
          return end - keep;
        }
        stream.passedOver += found - at;
        if (stream.passedOver > 0) {
          listener.trouble(
              stream, stream.passedOver + " octets before a message were passed over", false);
        }
        stream.passedOver = 0;
        stream.inStep = true;
        at = found;
        left = end - at;
      }
      if (left < Framing.HEADER_LENGTH) {
        return at;
      }
      boolean marker = WireReader.u64(array, at) == -1 && WireReader.u64(array, at + 8) == -1;
      int length = Framing.length(array, at);
      if (!marker || length < Framing.HEADER_LENGTH) {
        listener.trouble(
            stream,
            marker
                ? "a message of " + length + " octets by its header, and none has fewer than 19"
                : "no marker where a message should begin",
            true);
        stream.inStep = false;
        at++;
        continue;
      }
      if (left < length) {
        return at;
      }
      if (Framing.type(array, at) == MessageType.Assigned.OPEN.code()) {
        stream.open = Octets.copyOf(array, at, length);
      }
      messages++;
      listener.message(stream, array, at, length);
      at += length;
    }
  }

  private static boolean beginsMessage(byte[] array, int offset, int length) {
    return length >= Framing.HEADER_LENGTH && search(array, offset, offset + length) == offset;
  }

  /// Where a header that can be one begins; -1 if none does.
  private static int search(byte[] array, int from, int end) {
    for (int at = from; at <= end - Framing.HEADER_LENGTH; at++) {
      if (array[at] == -1
          && WireReader.u64(array, at) == -1
          && WireReader.u64(array, at + 8) == -1) {
        int length = Framing.length(array, at);
        int type = Framing.type(array, at);
        if (length >= Framing.HEADER_LENGTH && length <= MAX_MESSAGE && type >= 1 && type <= 6) {
          return at;
        }
      }
    }
    return -1;
  }
}
