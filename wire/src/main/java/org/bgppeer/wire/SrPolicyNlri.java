package org.bgppeer.wire;

/// An SR policy candidate path, SAFI 73, RFC 9830 §2.1: a length in bits, 96 or 192, and
///
/// ```
/// +-------------------+-----------+------------------------+
/// | Distinguisher (4) | Color (4) | Endpoint (4 or 16)     |   octets
/// +-------------------+-----------+------------------------+
/// ```
///
/// all of which is the key. Text: `sr-policy 1 color 100 endpoint 192.0.2.1`.
final class SrPolicyNlri extends NlriCodec {
  @Override
  int length(byte[] array, int at, int to) throws MalformedAttribute {
    return bitsLength(array, at, to, 0, 255);
  }

  @Override
  void parts(NlriParts in) throws MalformedAttribute {
    int bits = in.u8(0);
    if (bits != 96 && bits != 192) {
      throw new MalformedAttribute("a length of " + bits + " bits is not 96 or 192");
    }
    in.frame("length", 1, NlriParts::number);
    in.word("sr-policy ");
    in.key("distinguisher", "", 4, NlriParts::number);
    in.key("color", " color ", 4, NlriParts::number);
    in.key("endpoint", " endpoint ", in.remaining(), NlriParts::address);
  }
}
