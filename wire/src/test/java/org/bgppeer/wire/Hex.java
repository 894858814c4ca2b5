package org.bgppeer.wire;

import java.util.HexFormat;

/// Octets from annotated hex: white space is free, `#` starts a comment.
public final class Hex {
  private Hex() {}

  /// Reads annotated hex.
  public static byte[] octets(String annotated) {
    return HexFormat.of().parseHex(annotated.replaceAll("#.*|\\s", ""));
  }
}
