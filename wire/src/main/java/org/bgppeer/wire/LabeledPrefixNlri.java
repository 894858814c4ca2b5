package org.bgppeer.wire;

/// A prefix with MPLS labels, SAFI 4, RFC 8277 §2:
///
/// ```
/// +-----------------------+-------------------+----------+
/// | Length in bits of (1) | Labels (3 each)   | Prefix   |   octets
/// |  all that follows     |                   |          |
/// +-----------------------+-------------------+----------+
/// ```
///
/// The prefix is the key, the labels are of the version (§2.4: a withdrawal does not have them).
/// Text: `192.0.2.0/24`, details `label 24001`.
final class LabeledPrefixNlri extends NlriCodec {
  private final int addressOctets;

  LabeledPrefixNlri(int addressOctets) {
    this.addressOctets = addressOctets;
  }

  @Override
  int length(byte[] array, int at, int to) throws MalformedAttribute {
    int length = bitsLength(array, at, to, 24, 255);
    int bits = array[at] & 0xff;
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
    int bits = in.u8(0);
    in.frame("length", 1, NlriParts::number);
    int labels = labels(in.array, in.at, bits);
    in.detail("labels", "label ", labels, MplsLabel::append);
    in.prefix("prefix", "", bits - 8 * labels, addressOctets);
  }

  @Override
  boolean mayBeOpaque() {
    return false;
  }
}
