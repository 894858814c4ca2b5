package org.bgppeer.wire;

/// The TLVs of the BGP-LS attribute for people: RFC 9552 (which replaces RFC 7752), RFC 8571 (delay
/// and loss), RFC 8814 (MSD), RFC 9085 (segment routing), RFC 9086 (peers), RFC 9104
/// (administrative groups), RFC 9247 (S-BFD), RFC 9294 (applications), RFC 9351 (flexible
/// algorithms), RFC 9514 (SRv6). Whatever is not known is left in hex.
final class LinkStateTlv {
  private LinkStateTlv() {}

  /// Describes TLVs up to the end of the open node.
  static void describeAll(TreeBuilder tree) {
    while (tree.moreTlvs(2, 2)) {
      int type = tree.u16(0);
      tree.openTlv(name(type), 2, 2);
      describe(tree, type);
      tree.closeTlv();
    }
  }

  private static void describe(TreeBuilder tree, int type) {
    int length = tree.remaining();
    switch (type) {
      case 263 -> {
        while (tree.remaining() >= 2) {
          tree.leaf(TreeBuilder.VALUE, 2, tree.u16(0) & 0xfff);
        }
      }
      case 266, 267 -> { // RFC 8814 §3
        while (tree.remaining() >= 2) {
          tree.leaf(msd(tree.u8(0)), 2, tree.u8(1));
        }
      }
      case 1024 ->
          tree.flags(
              TreeBuilder.VALUE, 1, "overload", "attached", "external", "ABR", "router", "V6");
      case 1026, 1098, 1203, 1213 -> tree.text(TreeBuilder.VALUE);
      case 1028, 1030, 1156, 1174 -> tree.ipv4(TreeBuilder.VALUE);
      case 1029, 1031 -> tree.ipv6(TreeBuilder.VALUE);
      case 1171 -> tree.address(TreeBuilder.VALUE);
      case 1032, 1096, 1153 -> numbers(tree, 4);
      case 1154 -> numbers(tree, 8);
      case 1034, 1036 -> { // RFC 9085 §2.1.2, §2.1.4
        tree.flags("flags", 1, type == 1034 ? new String[] {"I", "V"} : new String[0]);
        tree.reserved(1);
        while (tree.remaining() >= 7) {
          TreeBuilder.Part range = tree.open("range");
          long size = tree.number("size", 3);
          String first = "";
          if (tree.moreTlvs(2, 2)) {
            int inner = tree.u16(0);
            tree.openTlv(name(inner), 2, 2);
            describe(tree, inner);
            tree.closeTlv();
            first = range.children().getLast().value();
          }
          range.value(first + "+" + size);
          tree.closeHere();
        }
      }
      case 1035 -> numbers(tree, 1);
      case 1037, 1093 -> tree.number(TreeBuilder.VALUE, 1);
      case 1038 -> {
        tree.flags("flags", 2, "", "O");
        tree.reserved(2);
      }
      case 1039 -> { // RFC 9351 §3.1
        tree.number("algorithm", 1);
        tree.number("metric type", 1);
        tree.number("calculation type", 1);
        tree.number("priority", 1);
        describeAll(tree);
      }
      case 1044 -> { // RFC 9351 §4
        tree.number("algorithm", 1);
        tree.reserved(3);
        tree.number("metric", 4);
      }
      case 1088, 1173 -> {
        while (tree.remaining() >= 4) {
          tree.leaf(TreeBuilder.VALUE, 4, "0x%08x".formatted(tree.u32(0)));
        }
      }
      case 1089, 1090, 1118, 1119, 1120 -> tree.real(TreeBuilder.VALUE);
      case 1091 -> {
        for (int priority = 0; priority < 8 && tree.remaining() >= 4; priority++) {
          tree.leaf(TreeBuilder.VALUE, 4, TreeBuilder.realText((int) tree.u32(0)));
        }
      }
      case 1092, 1155 -> tree.number(TreeBuilder.VALUE, 4);
      case 1094 -> tree.flags(TreeBuilder.VALUE, 1, "LDP", "RSVP-TE");
      case 1095 -> { // 6 bits of IS-IS, 16 bits of OSPF, or 24 bits of IS-IS's wide metrics
        if (length >= 1 && length <= 3) {
          tree.number(TreeBuilder.VALUE, length);
        }
      }
      case 1099, 1101, 1102, 1103 -> {
        tree.flags(
            "flags",
            1,
            type == 1099
                ? new String[] {"F", "B", "V", "L", "S", "P"}
                : new String[] {"V", "L", "B", "P"});
        tree.number("weight", 1);
        tree.reserved(2);
        sid(tree);
      }
      case 1100 -> {
        tree.flags("flags", 1, "F", "B", "V", "L", "S", "P");
        tree.number("weight", 1);
        tree.reserved(2);
        neighbor(tree, length == 13 || length == 14);
        sid(tree);
      }
      case 1106 -> endX(tree, 0);
      case 1107 -> endX(tree, 6);
      case 1108 -> endX(tree, 4);
      case 1114, 1116 -> delay(tree);
      case 1115 -> {
        delay(tree);
        delay(tree);
      }
      case 1117 -> { // RFC 8571 §2.4: in units of 0.000003 percent
        tree.flags("flags", 1, "A");
        tree.number(TreeBuilder.VALUE, 3);
      }
      case 1122 -> { // RFC 9294 §2
        int standard = length < 4 ? 0 : tree.u8(0);
        int other = length < 4 ? 0 : tree.u8(1);
        tree.number("SABM length", 1);
        tree.number("UDABM length", 1);
        tree.reserved(2);
        tree.octets("applications", standard);
        tree.octets("own applications", other);
        describeAll(tree);
      }
      case 1152 -> tree.flags(TreeBuilder.VALUE, 1, "D", "N", "L", "P");
      case 1158 -> {
        tree.flags("flags", 1, "R", "N", "P", "E", "V", "L");
        tree.number("algorithm", 1);
        tree.reserved(2);
        sid(tree);
      }
      case 1159 -> {
        tree.flags("flags", 1);
        tree.reserved(1);
        tree.number("size", 2);
        describeAll(tree);
      }
      case 1161 -> sid(tree);
      case 1162 -> {
        tree.flags("flags", 1, "D");
        tree.number("algorithm", 1);
        tree.reserved(2);
        tree.number("metric", 4);
        describeAll(tree);
      }
      case 1172 -> {
        tree.number("member", 4);
        describeAll(tree);
      }
      case 1250 -> {
        tree.code(TreeBuilder.VALUE, 2, Srv6::behavior);
        tree.flags("flags", 1);
        tree.number("algorithm", 1);
      }
      case 1251 -> {
        tree.flags("flags", 1, "B", "S", "P");
        tree.number("weight", 1);
        tree.reserved(2);
        tree.number("AS", 4);
        tree.ipv4("BGP identifier");
      }
      case 1252 -> {
        tree.number("block", 1);
        tree.number("node", 1);
        tree.number("function", 1);
        tree.number("argument", 1);
      }
      default -> {}
    }
  }

  private static void numbers(TreeBuilder tree, int octetsEach) {
    while (tree.remaining() >= octetsEach) {
      tree.number(TreeBuilder.VALUE, octetsEach);
    }
  }

  /// A label of 3 octets, or an index of 4 (RFC 9085 §2.1.1).
  private static void sid(TreeBuilder tree) {
    switch (tree.remaining()) {
      case 3 -> tree.leaf(TreeBuilder.VALUE, 3, tree.u24(0) & 0xfffff);
      case 4 -> tree.number(TreeBuilder.VALUE, 4);
      default -> {}
    }
  }

  /// Microseconds (RFC 8571 §2.1).
  private static void delay(TreeBuilder tree) {
    tree.flags("flags", 1, "A");
    tree.number(TreeBuilder.VALUE, 3);
  }

  /// A neighbor on a broadcast link: an IS-IS system id, or an OSPF router id.
  private static void neighbor(TreeBuilder tree, boolean isIs) {
    if (isIs) {
      tree.octets("neighbor", 6);
    } else {
      tree.ipv4("neighbor");
    }
  }

  /// RFC 9514 §4.1, §4.2
  private static void endX(TreeBuilder tree, int neighborOctets) {
    tree.code("behavior", 2, Srv6::behavior);
    tree.flags("flags", 1, "B", "S", "P");
    tree.number("algorithm", 1);
    tree.number("weight", 1);
    tree.reserved(1);
    if (neighborOctets > 0) {
      neighbor(tree, neighborOctets == 6);
    }
    tree.ipv6(TreeBuilder.VALUE);
    describeAll(tree);
  }

  private static String msd(int type) {
    return switch (type) {
      case 1 -> "base MPLS";
      case 2 -> "ERLD";
      case 41 -> "SRH segments left";
      case 42 -> "SRH end pop";
      case 44 -> "SRH H.Encaps";
      case 45 -> "SRH end D";
      default -> "MSD " + type;
    };
  }

  /// Its name; `TLV 9999` if it has none here.
  static String name(int type) {
    return switch (type) {
      case 263 -> "multi-topology";
      case 266 -> "node MSD";
      case 267 -> "link MSD";
      case 1024 -> "node flags";
      case 1025 -> "opaque node";
      case 1026 -> "node name";
      case 1027 -> "IS-IS area";
      case 1028 -> "local IPv4 router id";
      case 1029 -> "local IPv6 router id";
      case 1030 -> "remote IPv4 router id";
      case 1031 -> "remote IPv6 router id";
      case 1032 -> "S-BFD discriminators";
      case 1034 -> "SR capabilities";
      case 1035 -> "SR algorithms";
      case 1036 -> "SR local block";
      case 1037 -> "SRMS preference";
      case 1038 -> "SRv6 capabilities";
      case 1039 -> "flexible algorithm";
      case 1040 -> "exclude any";
      case 1041 -> "include any";
      case 1042 -> "include all";
      case 1043 -> "definition flags";
      case 1044 -> "flexible algorithm metric";
      case 1045 -> "exclude SRLG";
      case 1046 -> "unsupported";
      case 1088 -> "administrative group";
      case 1089 -> "max link bandwidth";
      case 1090 -> "max reservable bandwidth";
      case 1091 -> "unreserved bandwidth";
      case 1092 -> "TE metric";
      case 1093 -> "link protection";
      case 1094 -> "MPLS protocols";
      case 1095 -> "IGP metric";
      case 1096 -> "SRLG";
      case 1097 -> "opaque link";
      case 1098 -> "link name";
      case 1099 -> "adjacency SID";
      case 1100 -> "LAN adjacency SID";
      case 1101 -> "peer node SID";
      case 1102 -> "peer adjacency SID";
      case 1103 -> "peer set SID";
      case 1106 -> "SRv6 End.X SID";
      case 1107 -> "IS-IS SRv6 LAN End.X SID";
      case 1108 -> "OSPFv3 SRv6 LAN End.X SID";
      case 1114 -> "delay";
      case 1115 -> "min and max delay";
      case 1116 -> "delay variation";
      case 1117 -> "loss";
      case 1118 -> "residual bandwidth";
      case 1119 -> "available bandwidth";
      case 1120 -> "utilized bandwidth";
      case 1121 -> "graceful link shutdown";
      case 1122 -> "application-specific";
      case 1152 -> "IGP flags";
      case 1153 -> "route tag";
      case 1154 -> "extended route tag";
      case 1155 -> "prefix metric";
      case 1156 -> "OSPF forwarding address";
      case 1157 -> "opaque prefix";
      case 1158 -> "prefix SID";
      case 1159 -> "range";
      case 1161 -> "SID";
      case 1162 -> "SRv6 locator";
      case 1170 -> "prefix flags";
      case 1171 -> "source router id";
      case 1172 -> "L2 bundle member";
      case 1173 -> "extended administrative group";
      case 1174 -> "source OSPF router id";
      case 1201 -> "SR binding SID";
      case 1202 -> "SR candidate path state";
      case 1203 -> "SR candidate path name";
      case 1204 -> "SR candidate path constraints";
      case 1205 -> "SR segment list";
      case 1206 -> "SR segment";
      case 1207 -> "SR segment list metric";
      case 1212 -> "SRv6 binding SID";
      case 1213 -> "SR policy name";
      case 1250 -> "SRv6 behavior";
      case 1251 -> "SRv6 peer node SID";
      case 1252 -> "SRv6 SID structure";
      default -> "TLV " + type;
    };
  }
}
