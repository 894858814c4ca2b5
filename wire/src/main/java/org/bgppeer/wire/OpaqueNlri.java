package org.bgppeer.wire;

/// Routes of a family that has no codec here. Where one ends and the next begins is not known, so
/// all octets of the field are one: kept, shown in hex, and withdrawn by the same octets.
final class OpaqueNlri extends NlriCodec {
  @Override
  int length(byte[] array, int at, int to) {
    return to - at;
  }

  @Override
  void parts(NlriParts in) throws MalformedAttribute {
    in.key("octets", "octets ", in.remaining(), NlriParts::hex);
  }
}
