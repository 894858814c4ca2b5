package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.List;

/// PE_DISTINGUISHER_LABELS, type 27, RFC 6514 §8: the label by which each provider edge is told
/// apart on a shared tunnel: addresses of 4 or of 16 octets, each with a label of 3.
///
/// @param labels in wire order
public record PeDistinguisherLabels(List<Label> labels) implements PathAttribute {
  public PeDistinguisherLabels {
    labels = List.copyOf(labels);
  }

  /// One of them.
  ///
  /// @param address of the provider edge, 4 or 16 octets
  /// @param label all 24 bits, the label in the highest 20 of them
  public record Label(Octets address, int label) {}

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.PE_DISTINGUISHER_LABELS;
  }

  /// How long an address is in a value of `length` octets: the attribute does not say whether they
  /// are of IPv4 or of IPv6, and of both can only be a multiple of 133. 0 if none fits.
  private static int addressLength(int length) {
    return length % 7 == 0 ? 4 : length % 19 == 0 ? 16 : 0;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if it does not consist of whole entries
  static PeDistinguisherLabels decode(WireReader in) throws MalformedAttribute {
    int length = in.remaining();
    int address = addressLength(length);
    if (length == 0 || address == 0) {
      throw new MalformedAttribute("length " + length + " is not a multiple of 7 or of 19");
    }
    var all = new ArrayList<Label>();
    while (in.remaining() > 0) {
      all.add(new Label(in.octets(address), in.u8() << 16 | in.u16()));
    }
    return new PeDistinguisherLabels(all);
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    for (Label one : labels) {
      out.octets(one.address).u8(one.label >>> 16).u16(one.label);
    }
  }

  static void describe(TreeBuilder tree) {
    int address = addressLength(tree.remaining());
    if (address > 0) {
      while (tree.remaining() > 0) {
        String edge = address == 4 ? tree.ipv4(0) : tree.ipv6(0);
        TreeBuilder.Part part = tree.open("PE", address + 3);
        part.value(edge + " label " + (tree.u24(address) >>> 4));
        tree.leaf("address", address, edge);
        tree.leaf("label", 3, tree.u24(0) >>> 4);
        tree.close();
      }
    }
  }

  @Override
  public String toString() {
    return AttributeTree.text(this, this::encode);
  }
}
