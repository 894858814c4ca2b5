package org.bgppeer.session;

import java.util.Locale;

/// What we are to a neighbor (RFC 9234 §4.1), by the names and numbers of IANA.
public enum Role {
  PROVIDER,
  RS,
  RS_CLIENT,
  CUSTOMER,
  PEER;

  /// Its number in the capability.
  public int code() {
    return ordinal();
  }

  /// As in the configuration: `rs-client`.
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// What the neighbor must then be (RFC 9234 §4.2, table 2).
  public Role counterpart() {
    return switch (this) {
      case PROVIDER -> CUSTOMER;
      case CUSTOMER -> PROVIDER;
      case RS -> RS_CLIENT;
      case RS_CLIENT -> RS;
      case PEER -> PEER;
    };
  }
}
