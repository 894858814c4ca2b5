package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Builds a [DecodeTree] by walking over octets from front to back, never stepping back, so that
/// each octet lands in exactly one leaf.
///
/// Whoever describes a part of a message gets the builder where that part begins, with [#end] where
/// it ends, and moves on with [#leaf] and [#rest]. What it leaves unread becomes a leaf of hex when
/// its node is closed, so that it may stop wherever it understands no more:
///
/// ```
/// tree.open("flow label", 4);       // a node of the next 4 octets, or of what is left of them
/// int label = tree.u16(0);          // looks ahead; does not move
/// tree.leaf("label", 2, label);
/// tree.value(label + ", fine");     // of the node that is open
/// tree.close();                     // the other two octets become a leaf "value" in hex
/// ```
///
/// Lengths on the wire are not believed: [#bound] and [#open(String, int)] end a node where its
/// parent ends at the latest, and say so in a finding; [#need] is asked before octets are read.
/// Reading past [#end] is a mistake of the one who describes, and throws.
final class TreeBuilder {
  private static final HexFormat SPACED = HexFormat.ofDelimiter(" ");
  private static final HexFormat HEX = HexFormat.of();

  /// A node under construction.
  static final class Part {
    private final @Nullable Part parent;
    private final String name;
    private String value;
    private final int from;
    private int to;
    private final List<Part> children = new ArrayList<>();
    private @Nullable String finding;

    private Part(@Nullable Part parent, String name, String value, int from, int to) {
      this.parent = parent;
      this.name = name;
      this.value = value;
      this.from = from;
      this.to = to;
    }

    String name() {
      return name;
    }

    String value() {
      return value;
    }

    /// What it says, in words for people.
    void value(String what) {
      value = what;
    }

    int from() {
      return from;
    }

    List<Part> children() {
      return children;
    }

    /// Adds to what is wrong here.
    void find(String what) {
      finding = finding == null ? what : finding + "; " + what;
    }

    /// The smallest part that holds all the octets from `first` to before `last`.
    Part about(int first, int last) {
      for (Part child : children) {
        if (child.from <= first && last <= child.to) {
          return child.about(first, last);
        }
      }
      return this;
    }
  }

  private final byte[] octets;
  private final Part root;
  private Part open; // whose `to` is where it must end until it is closed
  private int at;
  private int ids;

  /// @param octets all that the tree is about
  TreeBuilder(byte[] octets, String rootName) {
    this.octets = octets;
    root = new Part(null, rootName, "", 0, octets.length);
    open = root;
  }

  Part root() {
    return root;
  }

  /// The finished tree. All nodes but the root must be closed, and no octet be left.
  DecodeTree.Node build() {
    if (open != root || at != octets.length) {
      throw new IllegalStateException(
          "at " + at + " of " + octets.length + ", " + open.name + " is open");
    }
    return node(root);
  }

  private DecodeTree.Node node(Part part) {
    String id = Integer.toString(ids++);
    var children = new ArrayList<DecodeTree.Node>(part.children.size());
    for (Part child : part.children) {
      children.add(node(child));
    }
    return new DecodeTree.Node(
        id, part.name, part.value, part.from, part.to - part.from, children, part.finding);
  }

  // where the walk is

  /// The place of the next octet in [#octets].
  int at() {
    return at;
  }

  /// Where the open node ends at the latest.
  int end() {
    return open.to;
  }

  /// How many octets are left in the open node.
  int remaining() {
    return open.to - at;
  }

  /// All octets, not a copy.
  byte[] octets() {
    return octets;
  }

  /// A reader of what is left of the open node; to use it does not move the walk.
  WireReader reader() {
    return new WireReader(octets, at, remaining());
  }

  /// The octet `ahead` of here, 0 being the next.
  int u8(int ahead) {
    return octets[within(ahead, 1)] & 0xff;
  }

  int u16(int ahead) {
    return WireReader.u16(octets, within(ahead, 2));
  }

  int u24(int ahead) {
    return u8(ahead) << 16 | u16(ahead + 1);
  }

  long u32(int ahead) {
    return WireReader.u32(octets, within(ahead, 4));
  }

  long u64(int ahead) {
    return WireReader.u64(octets, within(ahead, 8));
  }

  /// The IPv4 address `ahead` of here.
  String ipv4(int ahead) {
    return AddressText.ipv4(octets, within(ahead, 4));
  }

  /// The IPv6 address `ahead` of here.
  String ipv6(int ahead) {
    return AddressText.ipv6(octets, within(ahead, 16));
  }

  /// The next `n` octets in hex without spaces.
  String hex(int n) {
    int from = within(0, n);
    return HEX.formatHex(octets, from, from + n);
  }

  private int within(int ahead, int n) {
    if (ahead < 0 || n > open.to - at - ahead) {
      throw new IndexOutOfBoundsException(
          n + " octets wanted " + ahead + " ahead of " + at + ", where " + open.to + " is the end");
    }
    return at + ahead;
  }

  // nodes and leaves

  /// A node that begins here, ends where its parent does at the latest, and is finished with
  /// [#close].
  Part open(String name) {
    var part = new Part(open, name, "", at, open.to);
    open.children.add(part);
    open = part;
    return part;
  }

  /// A node of the next `length` octets. If less are left it has those and a finding.
  Part open(String name, int length) {
    Part part = open(name);
    bound(length);
    return part;
  }

  /// Ends the open node `length` octets from here, or, with a finding, where its parent ends.
  ///
  /// @return whether so many octets are there
  boolean bound(int length) {
    int there = fitting(length);
    open.to = at + there;
    return there == length;
  }

  /// How many of the next `length` octets are there; if not all, the open node gets a finding.
  int fitting(int length) {
    int left = open.to - at;
    if (length > left) {
      open.find("the length says " + bytes(length) + ", " + left(left));
    }
    return Math.min(length, left);
  }

  /// Lets the root end with the last octet again.
  void boundAll() {
    root.to = octets.length;
  }

  /// Ends the open node here, whatever was its bound.
  void closeHere() {
    Part parent = open.parent;
    if (parent == null) {
      throw new IllegalStateException("the root stays open");
    }
    if (open.from == at) {
      // A node is made of octets; one without any would stand between its neighbors for nothing.
      parent.children.remove(open);
      if (open.finding != null) {
        parent.find(open.finding);
      }
    }
    open.to = at;
    open = parent;
  }

  /// Ends the open node where it must end; what was not read of it becomes a leaf of hex.
  void close() {
    rest("value", null);
    closeHere();
  }

  /// A leaf of the next `n` octets, at least one; the walk goes on behind them.
  Part leaf(String name, int n, String value) {
    within(0, n);
    var leaf = new Part(open, name, value, at, at + n);
    open.children.add(leaf);
    at += n;
    return leaf;
  }

  /// A leaf with a number as its value.
  Part leaf(String name, int n, long value) {
    return leaf(name, n, Long.toUnsignedString(value));
  }

  /// A leaf whose value are its octets in hex.
  Part leaf(String name, int n) {
    return leaf(name, n, spaced(n));
  }

  /// What is left of the open node, if anything, as one leaf of hex.
  void rest(String name, @Nullable String finding) {
    if (at < open.to) {
      Part leaf = leaf(name, open.to - at, spaced(open.to - at));
      if (finding != null) {
        leaf.find(finding);
      }
    }
  }

  /// What the open node says, in words for people.
  void value(String what) {
    open.value = what;
  }

  /// Adds to what is wrong with the open node.
  void find(String what) {
    open.find(what);
  }

  /// The open node.
  Part part() {
    return open;
  }

  /// Whether `n` octets are left in the open node. If not, what is left becomes a leaf and says so.
  boolean need(int n, String what) {
    int left = remaining();
    if (left >= n) {
      return true;
    }
    String finding = what + " needs " + bytes(n) + ", " + left(left);
    if (left == 0) {
      open.find(finding);
    } else {
      rest("rest", finding);
    }
    return false;
  }

  /// The open node as a list of things of one size, up to its end: a leaf `name 1`, `name 2`, …
  /// each, and all their texts as the value of the node.
  ///
  /// @param text of the thing that begins at an index of [#octets]
  void each(String name, int size, IntFunction<String> text) {
    var all = new StringJoiner(" ");
    int count = 0;
    while (remaining() >= size) {
      String one = text.apply(at);
      all.add(one);
      leaf(name + " " + ++count, size, one);
    }
    int left = remaining();
    if (left > 0) {
      rest("rest", bytes(left) + (left == 1 ? " does" : " do") + " not make a " + name);
      open.value = "malformed";
    } else {
      open.value = count == 0 ? "empty" : all.toString();
    }
  }

  // fields that are everywhere

  /// Leaves for AFI and SAFI, the next 3 octets.
  ///
  /// @return what they say
  Family family() {
    Family family = Family.of(u16(0), u8(2));
    afi();
    safi();
    return family;
  }

  /// A leaf for an AFI, the next 2 octets.
  void afi() {
    int afi = u16(0);
    leaf("AFI", 2, afi + ", " + words(Afi.of(afi)));
  }

  /// A leaf for a SAFI, the next octet.
  void safi() {
    int safi = u8(0);
    leaf("SAFI", 1, safi + ", " + words(Safi.of(safi)));
  }

  // words

  static String words(Afi afi) {
    return switch (afi) {
      case Afi.Assigned.IPV4 -> "IPv4";
      case Afi.Assigned.IPV6 -> "IPv6";
      case Afi.Assigned _ -> afi.toString().toUpperCase(Locale.ROOT);
      case Afi.Unknown(int code) -> "AFI " + code;
    };
  }

  static String words(Safi safi) {
    return safi.toString().replace('-', ' ');
  }

  /// For people: `IPv4 unicast`.
  static String words(Family family) {
    return words(Afi.of(family.afi())) + " " + words(Safi.of(family.safi()));
  }

  static String bytes(int n) {
    return n == 1 ? "1 byte" : n + " bytes";
  }

  private static String left(int octets) {
    return octets == 0
        ? "none is left"
        : "only " + octets + (octets == 1 ? " is left" : " are left");
  }

  /// The next `n` octets in hex for people, with spaces; of many, the first ones.
  String spaced(int n) {
    int from = within(0, n);
    int shown = n <= 32 ? n : 24;
    String text = SPACED.formatHex(octets, from, from + shown);
    return shown == n ? text : text + " … (" + bytes(n) + ")";
  }
}
