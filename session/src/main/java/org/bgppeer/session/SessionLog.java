package org.bgppeer.session;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Finding;
import org.bgppeer.wire.Kept;
import org.bgppeer.wire.Negotiated;
import org.bgppeer.wire.Notification;
import org.bgppeer.wire.SessionCause;
import org.bgppeer.wire.Update;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All that this room logs, a line each, keys in fixed order. INFO is for sessions that come up or
/// end; WARN for what a neighbor or a stranger did wrong, ERROR for our own faults; the rest is
/// DEBUG.
final class SessionLog {
  private static final Logger LOG = LoggerFactory.getLogger("bgp-peer.session");

  private SessionLog() {}

  static void listening(InetSocketAddress address, boolean signed) {
    LOG.debug("listening address={} signed={}", text(address), signed);
  }

  /// One that its neighbor's key was there too late for.
  static void unsigned(InetSocketAddress peer) {
    LOG.debug("unsigned-call peer={}", text(peer));
  }

  static void dialling(String neighbor, InetSocketAddress peer) {
    LOG.debug("dialling neighbor={} peer={}", neighbor, text(peer));
  }

  /// In the system's words, which the end of the session has no place for.
  static void dialFails(InetSocketAddress peer, Throwable cause) {
    LOG.debug("dial-fails peer={} cause=\"{}\"", text(peer), Transport.words(cause));
  }

  static void state(String neighbor, State old, State next) {
    LOG.debug("state neighbor={} old={} new={}", neighbor, old.label(), next.label());
  }

  static void up(Endpoints endpoints, Negotiated negotiated) {
    LOG.info(
        "up neighbor={} peer={} local={} as={} hold={} families={} context=\"{}\"",
        endpoints.neighbor(),
        text(endpoints.peer()),
        text(endpoints.local()),
        negotiated.peerAs(),
        words(negotiated.holdTime()),
        negotiated.families(),
        negotiated.context());
  }

  static void down(
      String neighbor,
      SessionCause cause,
      @Nullable Notification notification,
      String text,
      List<Kept> kept,
      Duration upFor) {
    LOG.info(
        "down neighbor={} cause={} notification=\"{}\" text=\"{}\" kept=\"{}\" up={}",
        neighbor,
        cause,
        notification == null ? "" : notification,
        text,
        Kept.text(kept),
        words(Duration.ofSeconds(upFor.toSeconds())));
  }

  /// An attempt that failed; a neighbor's fault is worth a warning, one that does not answer is
  /// not.
  static void failed(
      String neighbor,
      State state,
      SessionCause cause,
      @Nullable Notification notification,
      String text) {
    LOG.atLevel(
            cause == SessionCause.NOTIFICATION_SENT || cause == SessionCause.NOTIFICATION_RECEIVED
                ? org.slf4j.event.Level.WARN
                : org.slf4j.event.Level.INFO)
        .log(
            "failed neighbor={} state={} cause={} notification=\"{}\" text=\"{}\"",
            neighbor,
            state.label(),
            cause,
            notification == null ? "" : notification,
            text);
  }

  static void refused(String neighbor, InetSocketAddress peer, String text) {
    LOG.debug("refused neighbor={} peer={} text=\"{}\"", neighbor, text(peer), text);
  }

  static void tooFar(String neighbor, InetSocketAddress peer, int hops) {
    LOG.warn(
        "too-far neighbor={} peer={} text=\"its TTL is lower than GTSM for {} hops wants\"",
        neighbor,
        text(peer),
        hops);
  }

  static void stranger(InetSocketAddress peer, InetSocketAddress local, String why) {
    LOG.warn(
        "stranger peer={} local={} text=\"{}\"",
        text(peer),
        text(local),
        why.isEmpty() ? "not configured as a neighbor, or not to call us" : why);
  }

  static void strangersUnnamed(int named) {
    LOG.warn("strangers text=\"{} callers within a minute; the rest of it names no more\"", named);
  }

  static void findings(String neighbor, Update update) {
    LOG.warn(
        "malformed neighbor={} handling={} findings={}",
        neighbor,
        update.handling(),
        update.findings());
  }

  static void leak(String neighbor, Finding leak) {
    LOG.warn("leak neighbor={} text=\"{}\"", neighbor, leak);
  }

  static void noFamily(String neighbor) {
    LOG.warn("no-family neighbor={} text=\"none of the families is offered by both\"", neighbor);
  }

  static void restartExpired(String neighbor) {
    LOG.info("restart-expired neighbor={}", neighbor);
  }

  static void routesAbove(
      String neighbor, Family family, long routes, String of, PrefixLimit limit) {
    LOG.warn(
        "routes neighbor={} family={} routes={} above=\"{}\" limit={} action={}",
        neighbor,
        family,
        routes,
        of,
        limit.most(),
        limit.action());
  }

  static void applied(int added, int removed, int changed) {
    LOG.info("configuration added={} removed={} changed={}", added, removed, changed);
  }

  static void paused(String neighbor) {
    LOG.warn("paused neighbor={} text=\"the journal cannot take more\"", neighbor);
  }

  static void resumed(String neighbor, Duration pause) {
    LOG.info("resumed neighbor={} pause={}ms", neighbor, pause.toMillis());
  }

  static void fault(String neighbor, Throwable fault) {
    LOG.error("fault neighbor={}", neighbor, fault);
  }

  /// `192.0.2.1:179`, `[2001:db8::1]:179`.
  static String text(InetSocketAddress address) {
    if (address.isUnresolved()) {
      return address.getHostString() + ":" + address.getPort();
    }
    byte[] octets = address.getAddress().getAddress();
    String host = AddressText.of(octets);
    return (octets.length == 4 ? host : "[" + host + "]") + ":" + address.getPort();
  }

  /// `90 s`, `4 min`.
  static String words(Duration time) {
    long seconds = time.toSeconds();
    return seconds >= 120 && seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
  }
}
