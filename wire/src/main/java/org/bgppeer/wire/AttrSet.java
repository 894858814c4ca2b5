package org.bgppeer.wire;

/// ATTR_SET, type 128, RFC 6368 §5: the attributes of a customer's own BGP, carried through the
/// provider's network: an AS of 4 octets, and attributes as in an UPDATE, with AS numbers of 4
/// octets.
///
/// @param originAs the customer's
/// @param attributes each with flags, type and length
public record AttrSet(long originAs, Octets attributes) implements PathAttribute {
  @Override
  public AttributeType type() {
    return AttributeType.Assigned.ATTR_SET;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if it is too short, or an attribute in it is malformed (RFC 7606
  ///     §7.16, RFC 6368 §5)
  static AttrSet decode(WireReader in) throws MalformedAttribute {
    if (in.remaining() < 4) {
      throw new MalformedAttribute("length " + in.remaining() + " is below 4");
    }
    long originAs = in.u32();
    var set = new AttrSet(originAs, in.octets(in.remaining()));
    context(set.attributes);
    return set;
  }

  /// How its attributes are read: with AS numbers of 4 octets, as they should be. There are routers
  /// that write those of 2 octets of the session that they had them from, and nothing tells which
  /// but that the other does not fit.
  private static DecodeContext context(Octets attributes) throws MalformedAttribute {
    try {
      check(attributes.reader(), DecodeContext.AS4);
      return DecodeContext.AS4;
    } catch (MalformedAttribute e) {
      try {
        check(attributes.reader(), DecodeContext.AS2);
        return DecodeContext.AS2;
      } catch (MalformedAttribute _) {
        throw e;
      }
    }
  }

  private static void check(WireReader in, DecodeContext context) throws MalformedAttribute {
    while (in.remaining() > 0) {
      int left = in.remaining();
      boolean extended = (in.array()[in.position()] & 0x10) != 0;
      if (left < (extended ? 4 : 3)) {
        throw new MalformedAttribute(left + " octets are left, too few for an attribute");
      }
      in.skip(1);
      AttributeType type = AttributeType.of(in.u8());
      int length = extended ? in.u16() : in.u8();
      if (length > in.remaining()) {
        throw new MalformedAttribute(
            type.name() + " of length " + length + " where " + in.remaining() + " octets are left");
      }
      WireReader value = in.slice(length);
      if (type == AttributeType.Assigned.ATTR_SET) {
        throw new MalformedAttribute("an ATTR_SET within");
      }
      if (type instanceof AttributeType.Assigned known
          && known != AttributeType.Assigned.MP_REACH_NLRI
          && known != AttributeType.Assigned.MP_UNREACH_NLRI
          && known.whenMalformed() != ErrorHandling.NONE) {
        try {
          PathAttribute.decode(known, value, context);
        } catch (MalformedAttribute e) {
          throw new MalformedAttribute(type.name() + " within: " + e.reason());
        }
      }
    }
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    out.u32(originAs).octets(attributes);
  }

  static void describe(TreeBuilder tree) {
    tree.number("AS", 4);
    DecodeContext context;
    try {
      context = context(Octets.copyOf(tree.octets(), tree.at(), tree.remaining()));
    } catch (MalformedAttribute _) {
      context = DecodeContext.AS4;
    }
    while (tree.remaining() > 0 && !tree.isDeep()) {
      AttributeTree.attribute(tree, context);
    }
  }

  /// `AS 64500, ORIGIN IGP, AS_PATH 64501 64502`
  @Override
  public String toString() {
    return AttributeTree.text(this, this::encode);
  }
}
