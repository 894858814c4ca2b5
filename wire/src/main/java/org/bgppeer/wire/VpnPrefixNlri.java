package org.bgppeer.wire;

/// A prefix of a VPN, SAFI 128 and, for multicast, 129: RFC 4364 §4.3.4, RFC 4659 §3.2, RFC 6514
/// §7. What [LabeledPrefixNlri] has, with a route distinguisher before the prefix:
///
/// ```
/// +-----------------------+-----------------+-------------------------+----------+
/// | Length in bits of (1) | Labels (3 each) | Route Distinguisher (8) | Prefix   |   octets
/// |  all that follows     |                 |                         |          |
/// +-----------------------+-----------------+-------------------------+----------+
/// ```
///
/// The key is the route distinguisher, and the prefix padded. Text: `64500:100 192.0.2.0/24`,
/// details `label 24001`.
final class VpnPrefixNlri extends NlriCodec {
  private final int addressOctets;

  VpnPrefixNlri(int addressOctets) {
    this.addressOctets = addressOctets;
  }

  @Override
  int length(byte[] array, int at, int to) throws MalformedAttribute {
    int length = bitsLength(array, at, to, 24 + 64, 255);
    int bits = (array[at] & 0xff) - 64;
    bits -= 8 * labels(array, at + 1, bits);
    if (bits > addressOctets * 8) {
      throw new MalformedAttribute("a prefix of " + bits + " bits, above " + addressOctets * 8);
    }
    return length;
  }

  /// The octets of the labels, of so many bits with those of the prefix.
  private static int labels(byte[] array, int at, int bits) {
    return MplsLabel.octets(array, at, bits >> 3);
  }

  @Override
  void parts(NlriParts in) throws MalformedAttribute {
    int bits = in.u8(0) - 64;
    in.frame("length", 1, NlriParts::number);
    int labels = labels(in.array, in.at, bits);
    in.detail("labels", "label ", labels, MplsLabel::append);
    in.key("route distinguisher", "", RouteDistinguisher.OCTETS, RouteDistinguisher::append);
    in.prefix("IP prefix", " ", bits - 8 * labels, addressOctets);
  }

  @Override
  boolean mayBeOpaque() {
    return false;
  }
}
