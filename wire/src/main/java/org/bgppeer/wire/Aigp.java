package org.bgppeer.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// AIGP, type 26, RFC 7311 §3: the accumulated metric of the IGPs on the way, in TLVs whose length
/// counts all of them:
///
/// ```
/// +----------+------------+----------------+
/// | Type (1) | Length (2) | Value (length  |   octets
/// |          |            | minus 3)       |
/// +----------+------------+----------------+
/// ```
///
/// @param tlvs in wire order
public record Aigp(List<Tlv> tlvs) implements PathAttribute {
  /// The only type that is defined: a metric of 8 octets.
  private static final int METRIC = 1;

  public Aigp {
    tlvs = List.copyOf(tlvs);
  }

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.AIGP;
  }

  /// The metric, to be read as unsigned: that of the first TLV that has one; null if none has.
  public @Nullable Long metric() {
    for (Tlv tlv : tlvs) {
      if (tlv.type() == METRIC) {
        return tlv.value().reader().u64();
      }
    }
    return null;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if a TLV does not fit, a metric is not of 8 octets, or the first is
  ///     the highest possible one (§3.2)
  static Aigp decode(WireReader in) throws MalformedAttribute {
    var aigp = new Aigp(Tlv.list(in, 1, 2, 3));
    for (Tlv tlv : aigp.tlvs) {
      if (tlv.type() == METRIC && tlv.value().length() != 8) {
        throw new MalformedAttribute("an AIGP TLV of length " + (tlv.value().length() + 3));
      }
    }
    Long metric = aigp.metric();
    if (metric != null && metric == -1) {
      throw new MalformedAttribute("the metric is 0xffffffffffffffff");
    }
    return aigp;
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    Tlv.encode(tlvs, 1, 2, 3, out);
  }

  static void describe(TreeBuilder tree) {
    while (tree.moreTlvs(1, 2)) {
      boolean metric = tree.u8(0) == METRIC;
      tree.openTlv(metric ? "metric" : "TLV " + tree.u8(0), 1, 2, 3);
      if (metric) {
        tree.number(TreeBuilder.VALUE, 8);
      }
      tree.closeTlv();
    }
  }

  /// `metric 2000`
  @Override
  public String toString() {
    return AttributeTree.text(this, this::encode);
  }
}
