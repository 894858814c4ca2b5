package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.List;

/// BGPSEC_PATH, type 33, RFC 8205 §3: an AS path in which each AS signed what it passed on. Behind
/// the Secure_Path stand one or two blocks with a signature for each AS of it:
///
/// ```
/// Secure_Path:       length (2, counts itself), of each AS: pCount (1), flags (1), AS (4)
/// Signature_Block:   length (2, counts itself), algorithm (1), of each AS:
///                    subject key identifier (20), signature length (2), signature
/// ```
///
/// @param path the last AS first
/// @param blocks one or two
public record BgpsecPath(List<SecurePathSegment> path, List<SignatureBlock> blocks)
    implements PathAttribute {
  public BgpsecPath {
    path = List.copyOf(path);
    blocks = List.copyOf(blocks);
  }

  /// One AS.
  ///
  /// @param pCount how often it counts
  /// @param flags 0x80 is Confed_Segment
  public record SecurePathSegment(int pCount, int flags, long as) {}

  /// The signatures of one algorithm.
  ///
  /// @param algorithm suite, 0..255
  public record SignatureBlock(int algorithm, List<Signature> signatures) {
    public SignatureBlock {
      signatures = List.copyOf(signatures);
    }
  }

  /// One signature.
  ///
  /// @param keyIdentifier 20 octets
  public record Signature(Octets keyIdentifier, Octets signature) {}

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.BGPSEC_PATH;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if a length does not fit, or there are not as many signatures as
  ///     ASes (§5.2)
  static BgpsecPath decode(WireReader in) throws MalformedAttribute {
    WireReader securePath = counted(in, "Secure_Path", 6);
    var path = new ArrayList<SecurePathSegment>();
    if (securePath.remaining() % 6 != 0) {
      throw new MalformedAttribute("a Secure_Path of length " + (securePath.remaining() + 2));
    }
    while (securePath.remaining() > 0) {
      path.add(new SecurePathSegment(securePath.u8(), securePath.u8(), securePath.u32()));
    }
    var blocks = new ArrayList<SignatureBlock>();
    do {
      WireReader block = counted(in, "Signature_Block", 1);
      int algorithm = block.u8();
      var signatures = new ArrayList<Signature>();
      while (block.remaining() > 0) {
        if (block.remaining() < 22) {
          throw new MalformedAttribute(
              block.remaining() + " octets are left, too few for a signature");
        }
        Octets keyIdentifier = block.octets(20);
        int length = block.u16();
        if (length > block.remaining()) {
          throw new MalformedAttribute(
              "a signature of length "
                  + length
                  + " where "
                  + block.remaining()
                  + " octets are left");
        }
        signatures.add(new Signature(keyIdentifier, block.octets(length)));
      }
      if (signatures.size() != path.size()) {
        throw new MalformedAttribute(
            signatures.size() + " signatures for " + path.size() + " AS numbers");
      }
      blocks.add(new SignatureBlock(algorithm, signatures));
    } while (in.remaining() > 0);
    if (blocks.size() > 2) {
      throw new MalformedAttribute(blocks.size() + " Signature_Blocks");
    }
    return new BgpsecPath(path, blocks);
  }

  private static WireReader counted(WireReader in, String what, int least)
      throws MalformedAttribute {
    int length = in.remaining() < 2 ? 0 : in.u16();
    if (length < 2 + least || length - 2 > in.remaining()) {
      throw new MalformedAttribute(
          "a " + what + " of length " + length + " where " + in.remaining() + " octets are left");
    }
    return in.slice(length - 2);
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    out.u16(2 + 6 * path.size());
    for (SecurePathSegment one : path) {
      out.u8(one.pCount).u8(one.flags).u32(one.as);
    }
    for (SignatureBlock block : blocks) {
      int place = out.placeU16();
      out.u8(block.algorithm);
      for (Signature one : block.signatures) {
        out.octets(one.keyIdentifier).u16(one.signature.length()).octets(one.signature);
      }
      out.putU16(place, out.length() - place);
    }
  }

  static void describe(TreeBuilder tree) {
    if (!tree.need(2, "the length of the Secure_Path")) {
      return;
    }
    TreeBuilder.Part path = tree.open("path");
    counted(tree);
    var text = new StringBuilder();
    while (tree.remaining() >= 6) {
      int times = tree.u8(0);
      String as = tree.u32(2) + (times == 1 ? "" : " ×" + times);
      text.append(text.isEmpty() ? "" : " ").append(as);
      tree.open("AS").value(as);
      tree.number("pCount", 1);
      tree.flags("flags", 1, "confederation");
      tree.number("AS", 4);
      tree.closeHere();
    }
    path.value(text.toString());
    tree.close();
    while (tree.remaining() > 0 && tree.need(2, "the length of a Signature_Block")) {
      TreeBuilder.Part block = tree.open("signatures");
      counted(tree);
      long algorithm = tree.number("algorithm", 1);
      int count = 0;
      while (tree.remaining() >= 22) {
        tree.open("signature");
        tree.octets("key identifier", 20);
        int length = tree.u16(0);
        tree.leaf("length", 2, TreeBuilder.bytes(length));
        tree.bound(length);
        tree.close();
        count++;
      }
      block.value(count + " of algorithm " + algorithm);
      tree.close();
    }
  }

  /// A length that counts itself, and bounds the open node.
  private static void counted(TreeBuilder tree) {
    int length = tree.u16(0);
    tree.leaf("length", 2, TreeBuilder.bytes(length));
    tree.bound(Math.max(length - 2, 0));
  }

  /// `path 64500 64496 ×2, signatures 2 of algorithm 1`
  @Override
  public String toString() {
    return AttributeTree.text(this, this::encode);
  }
}
