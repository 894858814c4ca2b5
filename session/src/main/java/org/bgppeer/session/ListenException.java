package org.bgppeer.session;

import java.io.IOException;
import java.net.InetSocketAddress;

/// An address on which we were to listen, and cannot; the message names it and the remedies.
public final class ListenException extends IOException {
  private static final long serialVersionUID = 1;

  /// Why not.
  public enum Reason {
    /// A port below 1024 (or what the system has in its place) and no right to it.
    NOT_PERMITTED,
    /// Somebody else listens there.
    IN_USE,
    /// No interface of this machine has the address.
    NOT_OURS,
    /// Passwords are configured, and TCP MD5 does not work here.
    NO_TCP_MD5,
    /// Keys of TCP-AO are configured, and it does not work here.
    NO_TCP_AO,
    /// GTSM is configured, and does not work here.
    NO_TTL_SECURITY,
    /// Anything else; the cause says what.
    OTHER
  }

  private final InetSocketAddress address;
  private final Reason reason;

  ListenException(InetSocketAddress address, Reason reason, Throwable cause) {
    super(message(address, reason, cause), cause);
    this.address = address;
    this.reason = reason;
  }

  /// The address that was to be listened on.
  public InetSocketAddress address() {
    return address;
  }

  /// Why that cannot be.
  public Reason reason() {
    return reason;
  }

  private static String message(InetSocketAddress address, Reason reason, Throwable cause) {
    String where = "cannot listen on " + SessionLog.text(address) + ": ";
    return switch (reason) {
      case NOT_PERMITTED ->
          where
              + "ports below 1024 need a privilege. Run as root, or"
              + " `sysctl net.ipv4.ip_unprivileged_port_start="
              + address.getPort()
              + "`, or listen on another port, for instance 1790";
      case IN_USE -> where + "another program listens there";
      case NOT_OURS -> where + "no interface of this machine has that address";
      case NO_TCP_MD5 -> where + "a neighbor has a password, " + cause.getMessage();
      case NO_TCP_AO -> where + "a neighbor has tcp-ao, " + cause.getMessage();
      case NO_TTL_SECURITY -> where + "a neighbor has ttl-security, " + cause.getMessage();
      case OTHER -> where + cause.getMessage();
    };
  }
}
