package org.bgppeer.wire;

/// The two forms of a session's records.
public enum MrtFormat {
  /// Type 16: times are whole seconds. For readers that know no other, such as mrtparse 1.6.
  BGP4MP(Mrt.BGP4MP),
  /// Type 17: times have microseconds (RFC 6396 §3).
  BGP4MP_ET(Mrt.BGP4MP_ET);

  private final int type;

  MrtFormat(int type) {
    this.type = type;
  }

  int type() {
    return type;
  }
}
