package org.bgppeer.wire;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.Consumer;
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
  /// What holds a value and nothing else; a summary leaves the word out.
  static final String VALUE = "value";

  private static final String TYPE = "type";
  private static final String LENGTH = "length";
  private static final String RESERVED = "reserved";
  private static final int MAX_DEPTH = 24;
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
    private boolean raw; // a leaf whose value is nothing but its octets

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
  private int depth;
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

  /// Whether so many nodes are within each other that nobody sends them but to do harm: describe no
  /// more of them.
  boolean isDeep() {
    return depth > MAX_DEPTH;
  }

  // nodes and leaves

  /// A node that begins here, ends where its parent does at the latest, and is finished with
  /// [#close].
  Part open(String name) {
    var part = new Part(open, name, "", at, open.to);
    open.children.add(part);
    open = part;
    depth++;
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
    depth--;
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
    Part leaf = leaf(name, n, spaced(n));
    leaf.raw = true;
    return leaf;
  }

  /// A node that was built of other octets, which are the same as those that begin here; the walk
  /// goes on behind it.
  void graft(DecodeTree.Node node) {
    graft(open, node, at - node.offset());
    at += node.length();
  }

  private static void graft(Part parent, DecodeTree.Node node, int shift) {
    int from = node.offset() + shift;
    var part = new Part(parent, node.name(), node.value(), from, from + node.length());
    part.finding = node.finding();
    parent.children.add(part);
    node.children().forEach(child -> graft(part, child, shift));
  }

  /// What is left of the open node, if anything, as one leaf of hex.
  void rest(String name, @Nullable String finding) {
    if (at < open.to) {
      Part leaf = leaf(name, open.to - at);
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
  /// @param text of the thing that begins so many octets ahead, which are none
  void each(String name, int size, IntFunction<String> text) {
    var all = new StringJoiner(" ");
    int count = 0;
    while (remaining() >= size) {
      String one = text.apply(0);
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

  // fields: a leaf each if enough octets are left, else what is left as a leaf that says so

  /// A number of 1 to 8 octets.
  ///
  /// @return it, or 0 if it is not there
  long number(String name, int n) {
    if (!enough(n, name)) {
      return 0;
    }
    long number = 0;
    for (int i = 0; i < n; i++) {
      number = number << 8 | u8(i);
    }
    leaf(name, n, number);
    return number;
  }

  /// A number that a registry has a name for.
  ///
  /// @return it, or -1 if it is not there
  int code(String name, int n, IntFunction<String> registry) {
    if (!enough(n, name)) {
      return -1;
    }
    int code = n == 1 ? u8(0) : u16(0);
    String known = registry.apply(code);
    leaf(name, n, known);
    return code;
  }

  /// An IPv4 address.
  void ipv4(String name) {
    if (enough(4, name)) {
      leaf(name, 4, ipv4(0));
    }
  }

  /// An IPv6 address.
  void ipv6(String name) {
    if (enough(16, name)) {
      leaf(name, 16, ipv6(0));
    }
  }

  /// An address that is all that is left: IPv4 of 4 octets, IPv6 of 16.
  void address(String name) {
    switch (remaining()) {
      case 4 -> ipv4(name);
      case 16 -> ipv6(name);
      default -> rest(name, "an address has 4 or 16 bytes");
    }
  }

  /// Octets that are shown in hex.
  void octets(String name, int n) {
    if (n > 0 && enough(n, name)) {
      leaf(name, n);
    }
  }

  /// A MAC address.
  void mac(String name) {
    if (enough(6, name)) {
      leaf(name, 6, HexFormat.ofDelimiter(":").formatHex(octets, at, at + 6));
    }
  }

  /// A number of 4 octets in the format of IEEE 754.
  void real(String name) {
    if (enough(4, name)) {
      leaf(name, 4, realText((int) u32(0)));
    }
  }

  /// The text of a number in the format of IEEE 754, without an exponent.
  static String realText(int bits) {
    float real = Float.intBitsToFloat(bits);
    return Float.isFinite(real)
        ? new BigDecimal(Float.toString(real)).stripTrailingZeros().toPlainString()
        : Float.toString(real);
  }

  /// All that is left as text in UTF-8; what would break a line or a terminal is replaced.
  void text(String name) {
    int n = remaining();
    if (n > 0) {
      leaf(name, n, printable(octets, at, n));
    }
  }

  /// Text in UTF-8; what would break a line or a terminal is replaced.
  static String printable(byte[] array, int offset, int length) {
    return printable(new String(array, offset, length, StandardCharsets.UTF_8));
  }

  /// The text, with what would break a line or a terminal replaced.
  static String printable(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? 0xfffd : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /// Flags of 1 to 4 octets, highest bit first; those without a name are shown in hex.
  ///
  /// @param names of the highest bits, in order; empty for one without a name
  void flags(String name, int n, String... names) {
    if (!enough(n, name)) {
      return;
    }
    long flags = 0;
    for (int i = 0; i < n; i++) {
      flags = flags << 8 | u8(i);
    }
    var set = new StringJoiner(" ");
    long left = flags;
    for (int i = 0; i < names.length; i++) {
      long bit = 1L << (8 * n - 1 - i);
      if ((flags & bit) != 0 && !names[i].isEmpty()) {
        set.add(names[i]);
        left &= ~bit;
      }
    }
    if (left != 0) {
      set.add("0x" + Long.toHexString(left));
    }
    leaf(name, n, set.toString());
  }

  /// Octets without meaning.
  void reserved(int n) {
    if (n > 0 && enough(n, RESERVED)) {
      leaf(RESERVED, n);
    }
  }

  /// As [#need], but silent where something before was already missing.
  private boolean enough(int n, String what) {
    boolean missing = open.finding != null && remaining() == 0;
    return !missing && need(n, what);
  }

  // type, length, value

  /// Whether another TLV begins here: something is left, and enough for its type and length.
  boolean moreTlvs(int typeOctets, int lengthOctets) {
    return remaining() > 0
        && !isDeep()
        && need(typeOctets + lengthOctets, "a TLV's type and length");
  }

  /// A node for the TLV that begins here, with leaves for its type and length, up to the end of its
  /// value; [#closeTlv] finishes it.
  ///
  /// @param counted octets of type and length that the length counts too
  void openTlv(String name, int typeOctets, int lengthOctets, int counted) {
    int type = typeOctets == 1 ? u8(0) : u16(0);
    int length = lengthOctets == 1 ? u8(typeOctets) : u16(typeOctets);
    open(name);
    leaf(TYPE, typeOctets, type);
    leaf(LENGTH, lengthOctets, bytes(length));
    bound(Math.max(length - counted, 0));
    if (length < counted) {
      find("the length says " + bytes(length) + ", and counts " + counted + " of its own");
    }
  }

  /// A node for a TLV whose length counts its value alone.
  void openTlv(String name, int typeOctets, int lengthOctets) {
    openTlv(name, typeOctets, lengthOctets, 0);
  }

  /// Ends a TLV. If nothing said what it means its parts do.
  void closeTlv() {
    rest(VALUE, null);
    if (open.value.isEmpty()) {
      open.value = summary(open, 2);
    }
    closeHere();
  }

  /// The children of a node from `first` on in one line: their names with their values.
  String summary(Part part, int first) {
    var all = new StringJoiner(", ");
    for (Part child : part.children.subList(first, part.children.size())) {
      String value = child.raw ? HEX.formatHex(octets, child.from, child.to) : child.value;
      switch (child.name) {
        case TYPE, LENGTH, RESERVED -> {}
        case VALUE -> all.add(value);
        default -> {
          if (child.children.isEmpty()) {
            if (!value.isEmpty()) {
              all.add(child.name + " " + value);
            }
          } else if (value.isEmpty()) {
            all.add(child.name);
          } else {
            boolean several = value.indexOf(',') >= 0;
            all.add(several ? child.name + " (" + value + ")" : child.name + " " + value);
          }
        }
      }
    }
    return all.toString();
  }

  /// What `describe` makes of octets, as one line: the value of the node that they are.
  static String text(byte[] array, int offset, int length, Consumer<TreeBuilder> describe) {
    var tree = new TreeBuilder(Arrays.copyOfRange(array, offset, offset + length), "");
    describe.accept(tree);
    tree.rest(VALUE, null);
    return tree.root.value.isEmpty() ? tree.summary(tree.root, 0) : tree.root.value;
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
