package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One BGP message as a tree for people: every octet of it is in exactly one leaf, with a name, its
/// meaning and its place, so that hex and meaning can be shown beside each other and nothing is
/// left out.
///
/// ```
/// UPDATE                    1 announced, IPv4 unicast        0 +60
/// ├─ Header                                                  0 +19
/// │  ├─ Marker              16 × ff                          0 +16
/// │  ├─ Length              60 bytes                        16 +2
/// │  └─ Type                2, UPDATE                       18 +1
/// ├─ Withdrawn routes       none                            19 +2
/// ├─ Path attributes        5, 32 bytes                     21 +34
/// │  ├─ length              32 bytes                        21 +2
/// │  ├─ ORIGIN              INCOMPLETE                      23 +4
/// │  │  ├─ flags …
/// └─ Routes                 1, IPv4 unicast                 55 +5
///    └─ prefix              10.40.40.40/32                  55 +5
/// ```
///
/// The children of a node divide its octets among them, in order, without gap and without overlap.
/// What we do not know or what is broken is a leaf of hex; why it is wrong stands at that leaf and
/// at the attribute or field that it spoils. Names and texts are those of the codec's registries.
///
/// @param root the message: its name is the message type
/// @param findings all that is wrong with the message, in the order of the octets
public record DecodeTree(Node root, List<Finding> findings) {
  /// Takes a copy of the list.
  public DecodeTree {
    findings = List.copyOf(findings);
  }

  /// A part of the message.
  ///
  /// @param id unique in the tree and the same each time that this message is decoded
  /// @param name of the field as the RFC or the registry writes it
  /// @param value what it says, in words for people; may be empty
  /// @param offset of its first octet from the beginning of the message
  /// @param length in octets; 0 only for the root of no octets at all
  /// @param children in order, dividing this node's octets among them; empty in a leaf
  /// @param finding what is wrong here and what RFC says so; null if nothing is
  public record Node(
      String id,
      String name,
      String value,
      int offset,
      int length,
      List<Node> children,
      @Nullable String finding) {
    /// Takes a copy of the list.
    public Node {
      children = List.copyOf(children);
    }

    /// Whether it has no children.
    public boolean isLeaf() {
      return children.isEmpty();
    }
  }

  /// Decodes one message. Never throws, whatever the octets are.
  ///
  /// @param message holds the message, header included, from `offset` on
  /// @param length as far as octets are there; the length in the header may say otherwise
  /// @param context of the session, or what [ContextGuess] takes it to be
  public static DecodeTree of(byte[] message, int offset, int length, DecodeContext context) {
    return new TreeWalk(message, offset, length, context).tree();
  }

  /// Decodes one message.
  public static DecodeTree of(Octets message, DecodeContext context) {
    return of(message.toByteArray(), 0, message.length(), context);
  }

  /// The leaves in the order of the octets: together they are the message.
  public List<Node> leaves() {
    var leaves = new ArrayList<Node>();
    visitLeaves(root, leaves::add);
    return leaves;
  }

  private static void visitLeaves(Node node, Consumer<Node> visitor) {
    if (node.isLeaf()) {
      visitor.accept(node);
    }
    for (Node child : node.children()) {
      visitLeaves(child, visitor);
    }
  }
}
