package org.bgppeer.session;

import io.netty.channel.EventLoop;
import java.time.Duration;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.HeaderError;
import org.bgppeer.wire.Message;
import org.bgppeer.wire.MessageError;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.Open;
import org.bgppeer.wire.SessionCause;
import org.jspecify.annotations.Nullable;

/// A caller from a range of which nothing is known before its OPEN: not even what to say in ours.
/// So it must begin; it has ten seconds for that.
final class Guest implements Connection.Owner {
  /// How long it may take to send an OPEN.
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Connection connection;
  private final Alarm patience;
  private final Host host;

  /// Who decides about guests.
  interface Host {
    /// The neighbor that a guest with this OPEN is; it is given the connection then.
    ///
    /// @return null if it must go, which it has been told then
    @Nullable Neighbor welcome(Connection connection, Open open);

    /// Sends one away that is no neighbor.
    void sendAway(Connection connection, Notification notification, String why);

    /// A guest is none any more.
    void left();
  }

  Guest(Connection connection, Timing timing, EventLoop loop, Host host) {
    this.connection = connection;
    this.host = host;
    this.patience = new Alarm(timing, loop, this::waitedTooLong);
    connection.attach(this);
    patience.set(PATIENCE);
  }

  private void waitedTooLong() {
    goAway(Notification.of(Notification.HOLD_TIMER_EXPIRED, 0), "no OPEN within 10 s");
  }

  @Override
  public void message(byte[] octets, int offset, int length) {
    try {
      if (!(Message.decode(octets, offset, length, DecodeContext.AS4) instanceof Open open)) {
        goAway(
            Notification.of(Notification.FSM_ERROR, Notification.IN_OPEN_SENT),
            "something else came before OPEN");
        return;
      }
      leave();
      Neighbor neighbor = host.welcome(connection, open);
      if (neighbor != null) {
        neighbor.accept(connection);
        Connection.Owner session = connection.owner();
        if (session != null) {
          session.message(octets, offset, length);
        }
      }
    } catch (MessageError e) {
      goAway(e.notification(), e.getMessage());
    }
  }

  @Override
  public void headerError(HeaderError error) {
    goAway(error.notification(), String.valueOf(error.getMessage()));
  }

  @Override
  public void connectionFails(SessionCause cause, String text) {
    leave();
  }

  @Override
  public void batchRead() {}

  @Override
  public void fault(Throwable fault) {
    SessionLog.fault("guest", fault);
    leave();
    connection.finish();
  }

  private void goAway(Notification notification, String why) {
    leave();
    host.sendAway(connection, notification, why);
  }

  private void leave() {
    patience.off();
    host.left();
  }
}
