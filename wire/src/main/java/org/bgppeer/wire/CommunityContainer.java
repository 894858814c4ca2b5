package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.List;

/// COMMUNITY_CONTAINER, type 34, draft-ietf-idr-wide-bgp-communities §3: communities of any length:
///
/// ```
/// +----------+-----------+--------------+------------+----------------+
/// | Type (2) | Flags (1) | Reserved (1) | Length (2) | Value (length) |   octets
/// +----------+-----------+--------------+------------+----------------+
/// ```
///
/// A wide community, type 1, is a community, the AS that meant it and the AS whose meaning it has,
/// of 4 octets each, and TLVs with what it applies to.
///
/// @param containers in wire order
public record CommunityContainer(List<Container> containers) implements PathAttribute {
  private static final int WIDE = 1;

  public CommunityContainer {
    containers = List.copyOf(containers);
  }

  /// One of them.
  ///
  /// @param flags, reserved as they came
  public record Container(int type, int flags, int reserved, Octets value) {}

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.COMMUNITY_CONTAINER;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if a container does not fit
  static CommunityContainer decode(WireReader in) throws MalformedAttribute {
    var all = new ArrayList<Container>();
    while (in.remaining() > 0) {
      if (in.remaining() < 6) {
        throw new MalformedAttribute(in.remaining() + " octets are left, too few for a container");
      }
      int type = in.u16();
      int flags = in.u8();
      int reserved = in.u8();
      int length = in.u16();
      if (length > in.remaining()) {
        throw new MalformedAttribute(
            "a container of length " + length + " where " + in.remaining() + " octets are left");
      }
      all.add(new Container(type, flags, reserved, in.octets(length)));
    }
    return new CommunityContainer(all);
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    for (Container one : containers) {
      out.u16(one.type).u8(one.flags).u8(one.reserved).u16(one.value.length()).octets(one.value);
    }
  }

  static void describe(TreeBuilder tree) {
    while (tree.remaining() > 0 && tree.need(6, "a container's type, flags and length")) {
      boolean wide = tree.u16(0) == WIDE;
      TreeBuilder.Part part = tree.open(wide ? "wide" : "container " + tree.u16(0));
      tree.leaf("type", 2, tree.u16(0));
      tree.flags("flags", 1, "transitive", "confederation");
      tree.reserved(1);
      int length = tree.u16(0);
      tree.leaf("length", 2, TreeBuilder.bytes(length));
      tree.bound(length);
      if (wide) {
        tree.number("community", 4);
        tree.number("source AS", 4);
        tree.number("context AS", 4);
        while (tree.moreTlvs(1, 2)) {
          tree.openTlv(name(tree.u8(0)), 1, 2);
          tree.closeTlv();
        }
      }
      tree.rest(TreeBuilder.VALUE, null);
      part.value(tree.summary(part, 0));
      tree.close();
    }
  }

  private static String name(int tlv) {
    return switch (tlv) {
      case 1 -> "targets";
      case 2 -> "exclude targets";
      case 3 -> "parameters";
      default -> "TLV " + tlv;
    };
  }

  @Override
  public String toString() {
    return AttributeTree.text(this, this::encode);
  }
}
