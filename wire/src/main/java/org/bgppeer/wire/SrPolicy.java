package org.bgppeer.wire;

/// The parts of an SR Policy in a [TunnelEncapsulation] (RFC 9830 §2.4), for people.
final class SrPolicy {
  private SrPolicy() {}

  /// Describes the value of a sub-TLV of a tunnel of type SR Policy.
  static void describe(TreeBuilder tree, int type) {
    switch (type) {
      case 12 -> { // preference, §2.4.1
        tree.flags("flags", 1);
        tree.reserved(1);
        tree.number(TreeBuilder.VALUE, 4);
      }
      case 13 -> { // binding SID, §2.4.2
        tree.flags("flags", 1, "S", "I");
        tree.reserved(1);
        sid(tree, TreeBuilder.VALUE);
      }
      case 14 -> { // explicit null label policy, §2.4.5
        tree.flags("flags", 1);
        tree.reserved(1);
        tree.number(TreeBuilder.VALUE, 1);
      }
      case 15 -> { // priority, §2.4.6
        tree.number(TreeBuilder.VALUE, 1);
        tree.reserved(1);
      }
      case 20 -> { // SRv6 binding SID, §2.4.3
        tree.flags("flags", 1, "S", "I", "B");
        tree.reserved(1);
        tree.ipv6(TreeBuilder.VALUE);
        behavior(tree);
      }
      case 128 -> { // segment list, §2.4.4
        tree.reserved(1);
        while (tree.moreTlvs(1, 1)) {
          int segment = tree.u8(0);
          tree.openTlv(
              segment == 9 ? "weight" : kind(segment) == 0 ? "sub-TLV " + segment : "segment",
              1,
              1);
          segment(tree, segment);
          tree.closeTlv();
        }
      }
      case 129, 130 -> { // names, §2.4.7, §2.4.8
        tree.reserved(1);
        tree.text(TreeBuilder.VALUE);
      }
      default -> {}
    }
  }

  /// The letter of a segment's type in RFC 9256 §4, as RFC 9831 numbers them; 0 if it is none.
  private static char kind(int type) {
    return switch (type) {
      case 1 -> 'A';
      case 3 -> 'C';
      case 4 -> 'D';
      case 5 -> 'E';
      case 6 -> 'F';
      case 7 -> 'G';
      case 8 -> 'H';
      case 13 -> 'B';
      case 14 -> 'I';
      case 15 -> 'J';
      case 16 -> 'K';
      default -> 0;
    };
  }

  private static void segment(TreeBuilder tree, int type) {
    char kind = kind(type);
    if (type == 9) {
      tree.flags("flags", 1);
      tree.reserved(1);
      tree.number(TreeBuilder.VALUE, 4);
      return;
    }
    if (kind == 0) {
      return;
    }
    tree.flags("flags", 1, "V", "A", "S", "B");
    boolean algorithm = kind == 'C' || kind == 'D' || kind == 'I' || kind == 'J' || kind == 'K';
    if (algorithm) {
      tree.number("algorithm", 1);
    } else {
      tree.reserved(1);
    }
    switch (kind) {
      case 'A' -> sid(tree, TreeBuilder.VALUE);
      case 'B' -> {
        tree.ipv6(TreeBuilder.VALUE);
        behavior(tree);
      }
      case 'C' -> tree.ipv4("node");
      case 'D', 'I' -> tree.ipv6("node");
      case 'E' -> {
        tree.number("interface", 4);
        tree.ipv4("node");
      }
      case 'F' -> {
        tree.ipv4("local");
        tree.ipv4("remote");
      }
      case 'G', 'J' -> {
        tree.number("local interface", 4);
        tree.ipv6("local node");
        tree.number("remote interface", 4);
        tree.ipv6("remote node");
      }
      case 'H', 'K' -> {
        tree.ipv6("local");
        tree.ipv6("remote");
      }
      default -> {}
    }
    if (kind != 'A' && kind != 'B' && tree.remaining() > 0) {
      if (kind >= 'I') {
        tree.ipv6("SID");
        behavior(tree);
      } else {
        sid(tree, "SID");
      }
    }
  }

  /// A segment identifier of what is left: a label of 4 octets, or an SRv6 one of 16.
  private static void sid(TreeBuilder tree, String name) {
    switch (tree.remaining()) {
      case 0 -> {}
      case 4 -> tree.leaf(name, 4, label(tree.u32(0)));
      case 16 -> tree.ipv6(name);
      default -> {}
    }
  }

  /// The optional behavior and structure of an SRv6 segment, §2.4.4.2.4.
  private static void behavior(TreeBuilder tree) {
    if (tree.remaining() == 8) {
      tree.code("behavior", 2, Srv6::behavior);
      tree.reserved(2);
      tree.number("block", 1);
      tree.number("node", 1);
      tree.number("function", 1);
      tree.number("argument", 1);
    }
  }

  /// An entry of a label stack: its label alone, unless more than that is set in it.
  static String label(long entry) {
    long label = entry >>> 12;
    long others = entry & 0xeff;
    return others == 0
        ? Long.toString(label)
        : label + " tc " + (entry >>> 9 & 7) + " ttl " + (entry & 0xff);
  }
}
