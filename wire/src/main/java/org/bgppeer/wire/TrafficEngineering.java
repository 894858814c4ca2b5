package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.List;

/// TRAFFIC_ENGINEERING, type 24, RFC 5543 §3: what the interfaces on the way can switch, and how
/// much of it.
///
/// ```
/// +-------------------+--------------+--------------+-------------------------------+----------+
/// | Switching Cap (1) | Encoding (1) | Reserved (2) | Max LSP Bandwidth at priority | specific |
/// |                   |              |              | 0 to 7 (8 of 4)               | (0 or 8) |
/// +-------------------+--------------+--------------+-------------------------------+----------+
/// ```
///
/// @param interfaces at least one, in wire order
public record TrafficEngineering(List<Descriptor> interfaces) implements PathAttribute {
  private static final int FIXED = 36;

  public TrafficEngineering {
    interfaces = List.copyOf(interfaces);
  }

  /// One of them.
  ///
  /// @param switching the capability: 1..4 packets, 51 layer 2, 100 time slots, 150 lambdas, 200
  ///     fibers
  /// @param encoding of the LSP
  /// @param reserved as it came
  /// @param maxLspBandwidth bytes a second in IEEE 754, as bits, priority 0 first; eight of them
  /// @param specific 8 octets for packets and time slots (RFC 4203 §1.4), else none
  public record Descriptor(
      int switching, int encoding, int reserved, List<Integer> maxLspBandwidth, Octets specific) {
    public Descriptor {
      maxLspBandwidth = List.copyOf(maxLspBandwidth);
    }
  }

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.TRAFFIC_ENGINEERING;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if it is empty or the last descriptor is cut off (RFC 7606 §7.13
  ///     leaves to us what malformed is)
  static TrafficEngineering decode(WireReader in) throws MalformedAttribute {
    var all = new ArrayList<Descriptor>();
    do {
      int specific = in.remaining() == 0 ? 0 : specific(in.array()[in.position()] & 0xff);
      if (in.remaining() < FIXED + specific) {
        throw new MalformedAttribute(
            in.remaining() + " octets where a descriptor needs " + (FIXED + specific));
      }
      int switching = in.u8();
      int encoding = in.u8();
      int reserved = in.u16();
      var bandwidth = new ArrayList<Integer>();
      for (int i = 0; i < 8; i++) {
        bandwidth.add((int) in.u32());
      }
      all.add(new Descriptor(switching, encoding, reserved, bandwidth, in.octets(specific)));
    } while (in.remaining() > 0);
    return new TrafficEngineering(all);
  }

  private static int specific(int switching) {
    return switching >= 1 && switching <= 4 || switching == 100 ? 8 : 0;
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    for (Descriptor one : interfaces) {
      out.u8(one.switching).u8(one.encoding).u16(one.reserved);
      one.maxLspBandwidth.forEach(out::u32);
      out.octets(one.specific);
    }
  }

  static void describe(TreeBuilder tree) {
    while (tree.remaining() >= FIXED) {
      int switching = tree.u8(0);
      TreeBuilder.Part part = tree.open("interface", FIXED + specific(switching));
      tree.code("switching", 1, TrafficEngineering::name);
      tree.number("encoding", 1);
      tree.reserved(2);
      for (int priority = 0; priority < 8; priority++) {
        tree.real("bandwidth " + priority);
      }
      if (switching == 100) {
        tree.real("min LSP bandwidth");
        tree.number("indication", 1);
        tree.reserved(3);
      } else if (specific(switching) > 0) {
        tree.real("min LSP bandwidth");
        tree.number("MTU", 2);
        tree.reserved(2);
      }
      part.value(tree.summary(part, 0));
      tree.close();
    }
  }

  private static String name(int switching) {
    return switch (switching) {
      case 1, 2, 3, 4 -> "psc-" + switching;
      case 51 -> "l2sc";
      case 100 -> "tdm";
      case 150 -> "lsc";
      case 200 -> "fsc";
      default -> Integer.toString(switching);
    };
  }

  @Override
  public String toString() {
    return AttributeTree.text(this, this::encode);
  }
}
