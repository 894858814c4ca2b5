package org.bgppeer.wire;

/// An IP prefix, RFC 4271 §4.3, RFC 4760 §5: a length in bits and as many octets as hold them. Full
/// tables are walked by [PrefixCursor], which knows the same in fewer instructions.
///
/// Text: `192.0.2.0/24`.
final class PrefixNlri extends NlriCodec {
  private final int addressOctets;

  PrefixNlri(int addressOctets) {
    this.addressOctets = addressOctets;
  }

  @Override
  int length(byte[] array, int at, int to) throws MalformedAttribute {
    return bitsLength(array, at, to, 0, addressOctets * 8);
  }

  @Override
  void parts(NlriParts in) throws MalformedAttribute {
    int bits = in.u8(0);
    in.frame("length", 1, NlriParts::number);
    in.prefix("prefix", "", bits, addressOctets);
  }

  @Override
  boolean mayBeOpaque() {
    return false;
  }
}
