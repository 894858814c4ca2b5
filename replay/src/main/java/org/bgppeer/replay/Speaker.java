package org.bgppeer.replay;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Framing;
import org.bgppeer.wire.Keepalive;
import org.bgppeer.wire.Message;
import org.bgppeer.wire.MessageError;
import org.bgppeer.wire.Negotiated;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.RouteRefresh;
import org.bgppeer.wire.UnknownMessage;
import org.bgppeer.wire.Update;
import org.jspecify.annotations.Nullable;

/// One session of a simulated router, from the connection to its end, on one thread; a second
/// thread does nothing but read, so that a full send buffer never keeps us from hearing the other
/// side.
///
/// ```
///  socket ──► reader ──► inbox ──► run() ──► socket
///                          ▲         ▲
///                       stop()     feed, hold timer, KEEPALIVE timer, loss on purpose
/// ```
final class Speaker {
  private static final byte[] KEEPALIVE = new Keepalive().encode();

  /// RFC 4271 §8.2.2: a large hold time, until the other side's OPEN is there.
  private static final Duration HOLD_TIME_BEFORE_OPEN = Duration.ofMinutes(4);

  /// How many hold times the other side has to notice that we fell silent, once it is silent
  /// itself.
  private static final int PATIENT_HOLD_TIMES = 3;

  /// How many messages of a long run go out before the inbox is looked at.
  private static final int RUN = 64;

  /// How long we wait for the other side to close too.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private sealed interface Input {}

  private record Received(Message message) implements Input {}

  private record Unreadable(Notification answer) implements Input {}

  private record Closed(String how) implements Input {}

  private record Stop() implements Input {}

  /// The session is over; the message says why.
  private static final class SessionEnd extends Exception {
    private static final long serialVersionUID = 1;

    SessionEnd(String why) {
      super(why, null, false, false);
    }

    String why() {
      return String.valueOf(getMessage());
    }
  }

  private enum State {
    OPEN_SENT(Notification.IN_OPEN_SENT),
    OPEN_CONFIRM(Notification.IN_OPEN_CONFIRM),
    ESTABLISHED(Notification.IN_ESTABLISHED);

    /// What a message that makes no sense here is answered with (RFC 6608).
    private final int unexpected;

    State(int unexpected) {
      this.unexpected = unexpected;
    }
  }

  private final Open open;
  private final Feed feed;
  private final RouterLog log;
  private final Socket socket;
  private final OutputStream out;
  private final BlockingQueue<Input> inbox = new LinkedBlockingQueue<>();

  /// How long the session lasts once it is up, and how it is then lost; null if it is not.
  private final @Nullable Duration lasts;

  private final SessionLoss loss;

  private State state = State.OPEN_SENT;
  private @Nullable Negotiated agreed;
  private Iterator<byte[]> run = Collections.emptyIterator();
  private byte @Nullable [] afterRun;
  private long sentInRun;
  private boolean first = true;
  private boolean silent;
  private boolean reset;
  private boolean fileDone;
  private long holdNanos = HOLD_TIME_BEFORE_OPEN.toNanos();
  private long heard = System.nanoTime();
  private long spoken = heard;
  private long lossAt = Long.MAX_VALUE;

  /// Over a connected socket.
  ///
  /// @param open what to say first
  /// @param lasts how long the session is to last once it is up; null for as long as they let it
  /// @param loss how it is lost then
  Speaker(
      Socket socket,
      Open open,
      Feed feed,
      RouterLog log,
      @Nullable Duration lasts,
      SessionLoss loss)
      throws IOException {
    this.socket = socket;
    this.open = open;
    this.feed = feed;
    this.log = log;
    this.lasts = lasts;
    this.loss = loss;
    socket.setTcpNoDelay(true);
    this.out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
  }

  /// Ends the session in an orderly way, from any thread: Cease, Administrative Shutdown.
  void stop() {
    inbox.add(new Stop());
  }

  /// Speaks until the session ends, and closes the socket.
  ///
  /// @return whether the session was up, and so counts as one
  boolean run() throws InterruptedException {
    var reader = Thread.ofVirtual().name("reader").start(this::read);
    try {
      send(open.encode());
      while (true) {
        step();
      }
    } catch (SessionEnd e) {
      log.down(e.why());
    } catch (IOException e) {
      // They may have said why before they closed.
      reader.join(PATIENCE);
      inbox.stream()
          .filter(input -> input instanceof Received(Notification _))
          .forEach(input -> log.received((Notification) ((Received) input).message()));
      log.down("connection broken: " + e.getMessage());
    } finally {
      close(reader);
    }
    return state == State.ESTABLISHED;
  }

  private void step() throws SessionEnd, IOException, InterruptedException {
    long now = System.nanoTime();
    Input input = run.hasNext() ? inbox.poll() : poll(now);
    if (input != null) {
      perform(input);
      return;
    }
    now = System.nanoTime();
    if (silent) {
      if (now - heard >= holdNanos * PATIENT_HOLD_TIMES) {
        throw new SessionEnd("closed without a word: they do not notice that we are silent");
      }
      return;
    }
    if (holdNanos > 0 && now - heard >= holdNanos) {
      throw end(Notification.of(Notification.HOLD_TIMER_EXPIRED, 0));
    }
    if (state != State.ESTABLISHED) {
      keepAlive(now);
      return;
    }
    if (now - lossAt >= 0 && lossAt != Long.MAX_VALUE) {
      lose();
      return;
    }
    keepAlive(now);
    if (run.hasNext()) {
      continueRun();
    } else if (feed.nanosToNext(now) <= 0) {
      for (byte[] message : feed.next(agreed())) {
        send(message);
      }
    } else if (feed instanceof FileFeed file && file.isDone() && !fileDone) {
      fileDone = true;
      log.fileDone(file);
      if (file.endsSession()) {
        throw end(
            Notification.shutdown(Notification.ADMINISTRATIVE_SHUTDOWN, "the file is played"));
      }
    }
  }

  /// Waits for the next message from the other side, but not beyond what we are to do next.
  private @Nullable Input poll(long now) throws IOException, InterruptedException {
    if (silent) {
      return inbox.poll(holdNanos, TimeUnit.NANOSECONDS);
    }
    long wait = holdNanos > 0 ? heard + holdNanos - now : TimeUnit.MINUTES.toNanos(1);
    if (state != State.OPEN_SENT && holdNanos > 0) {
      wait = Math.min(wait, spoken + holdNanos / 3 - now);
    }
    if (state == State.ESTABLISHED) {
      wait = Math.min(wait, feed.nanosToNext(now));
      if (lossAt != Long.MAX_VALUE) {
        wait = Math.min(wait, lossAt - now);
      }
    }
    if (wait > 0) {
      out.flush();
    }
    return inbox.poll(Math.max(0, wait), TimeUnit.NANOSECONDS);
  }

  private void perform(Input input) throws SessionEnd, IOException {
    switch (input) {
      case Closed closed -> throw new SessionEnd(closed.how());
      case Unreadable bad -> throw end(bad.answer());
      case Stop() ->
          throw end(
              Notification.shutdown(
                  Notification.ADMINISTRATIVE_SHUTDOWN, "the simulated router is stopped"));
      case Received(Message message) -> {
        heard = System.nanoTime();
        hear(message);
      }
    }
  }

  private void hear(Message message) throws SessionEnd, IOException {
    switch (message) {
      case Notification notification -> {
        log.received(notification);
        throw new SessionEnd("they sent " + notification);
      }
      case Open theirs when state == State.OPEN_SENT -> openReceived(theirs);
      case Keepalive _ when state == State.OPEN_CONFIRM -> established();
      case Keepalive _ when state == State.ESTABLISHED -> {}
      case RouteRefresh request when state == State.ESTABLISHED -> refresh(request);
      // A collector has nothing to say; whoever does is heard and not listened to.
      case Update _ when state == State.ESTABLISHED -> {}
      case Open _, Keepalive _, RouteRefresh _, Update _, UnknownMessage _ ->
          throw end(Notification.of(Notification.FSM_ERROR, state.unexpected));
    }
  }

  private void openReceived(Open theirs) throws SessionEnd, IOException {
    if (theirs.as() == open.as() && feed instanceof TableFeed) {
      // The table is that of an external neighbor: no LOCAL_PREF, our AS in front of the path.
      throw end(Notification.of(Notification.OPEN_MESSAGE_ERROR, Notification.BAD_PEER_AS));
    }
    var both = Negotiated.of(theirs, open);
    agreed = both;
    holdNanos = both.holdTime().toNanos();
    send(KEEPALIVE);
    state = State.OPEN_CONFIRM;
  }

  private void established() throws IOException {
    state = State.ESTABLISHED;
    long now = System.nanoTime();
    log.up(peer(), agreed());
    if (lasts != null) {
      lossAt = now + lasts.toNanos();
    }
    begin(feed.begin(agreed(), now), null);
  }

  private void refresh(RouteRefresh request) throws IOException {
    var family = request.family();
    if (request.subtype() != RouteRefresh.REQUEST
        || !feed.offer().refresh()
        || !agreed().families().contains(family)) {
      return;
    }
    log.refresh(family);
    // What was still to be sent comes first: it may be another family's.
    while (run.hasNext()) {
      send(run.next());
    }
    finishRun();
    boolean framed = agreed().enhancedRouteRefresh();
    if (framed) {
      send(refreshMessage(request, RouteRefresh.BEGIN));
    }
    begin(
        feed.refresh(agreed(), family), framed ? refreshMessage(request, RouteRefresh.END) : null);
  }

  private static byte[] refreshMessage(RouteRefresh request, int subtype) {
    return new RouteRefresh(request.family(), subtype, Octets.EMPTY).encode();
  }

  private void begin(Iterator<byte[]> messages, byte @Nullable [] after) {
    run = messages;
    afterRun = after;
    sentInRun = 0;
  }

  private void continueRun() throws IOException {
    for (int i = 0; i < RUN && run.hasNext(); i++) {
      send(run.next());
      sentInRun++;
    }
    if (!run.hasNext()) {
      finishRun();
    }
  }

  private void finishRun() throws IOException {
    if (afterRun != null) {
      send(afterRun);
      afterRun = null;
    }
    if (first && sentInRun > 0) {
      first = false;
      log.sentAll(sentInRun);
    }
  }

  private void keepAlive(long now) throws IOException {
    if (state != State.OPEN_SENT && holdNanos > 0 && now - spoken >= holdNanos / 3) {
      send(KEEPALIVE);
    }
  }

  private void lose() throws SessionEnd, IOException {
    lossAt = Long.MAX_VALUE;
    log.losing(loss);
    switch (loss) {
      case SHUTDOWN ->
          throw end(
              Notification.shutdown(
                  Notification.ADMINISTRATIVE_SHUTDOWN,
                  "line card replacement, back in a minute (NOC-4711)"));
      case CLOSE -> throw new SessionEnd("closed without a word");
      case RESET -> {
        socket.setSoLinger(true, 0);
        reset = true;
        throw new SessionEnd("connection reset");
      }
      case SILENCE -> {
        if (holdNanos == 0) {
          throw new SessionEnd("closed without a word: without a hold time nobody notices silence");
        }
        out.flush();
        run = Collections.emptyIterator();
        silent = true;
      }
    }
  }

  /// Sends it, and says that the session is over for that reason.
  private SessionEnd end(Notification notification) throws IOException {
    out.write(notification.encode());
    out.flush();
    log.sent(notification);
    return new SessionEnd("we sent " + notification);
  }

  private void send(byte[] message) throws IOException {
    out.write(message);
    spoken = System.nanoTime();
  }

  private Negotiated agreed() {
    if (agreed == null) {
      throw new IllegalStateException("no OPEN was received yet");
    }
    return agreed;
  }

  private SocketAddress peer() {
    return socket.getRemoteSocketAddress();
  }

  private void read() {
    try {
      var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      while (true) {
        byte[] header = in.readNBytes(Framing.HEADER_LENGTH);
        if (header.length == 0) {
          inbox.add(new Closed("they closed the connection"));
          return;
        }
        if (header.length < Framing.HEADER_LENGTH) {
          throw new EOFException("ended inside a header");
        }
        // We say nothing of Extended Message, so nothing longer comes.
        Framing.checkHeader(header, 0, Framing.MAX_LENGTH);
        byte[] message = new byte[Framing.length(header, 0)];
        System.arraycopy(header, 0, message, 0, header.length);
        in.readFully(message, header.length, message.length - header.length);
        inbox.add(new Received(Message.decode(message, 0, message.length, DecodeContext.AS4)));
      }
    } catch (MessageError e) {
      inbox.add(new Unreadable(e.notification()));
    } catch (IOException e) {
      inbox.add(new Closed("connection lost: " + e.getMessage()));
    }
  }

  /// Lets the other side read what we said last: closing with something unread would reset the
  /// connection and lose it.
  private void close(Thread reader) throws InterruptedException {
    try (socket) {
      if (!reset) {
        socket.shutdownOutput();
        reader.join(PATIENCE);
      }
    } catch (IOException e) {
      log.down("the connection did not close in order: " + e.getMessage());
    }
    reader.join();
  }
}
