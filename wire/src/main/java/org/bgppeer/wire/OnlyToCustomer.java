package org.bgppeer.wire;

import org.jspecify.annotations.Nullable;

/// ONLY_TO_CUSTOMER, type 35, RFC 9234 §5: once a route was sent down or sideways it must only go
/// further down.
///
/// @param as who said so first, 0..4294967295
public record OnlyToCustomer(long as) implements PathAttribute {
  private static final int PROVIDER = 0;
  private static final int RS = 1;
  private static final int PEER = 4;

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.ONLY_TO_CUSTOMER;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if its length is not 4 (§5)
  static OnlyToCustomer decode(WireReader in) throws MalformedAttribute {
    MalformedAttribute.unlessLength(4, in.remaining());
    return new OnlyToCustomer(in.u32());
  }

  /// What the ingress procedure of §5 says of an UPDATE: a route that must go down only and comes
  /// from below, or from the side and not by who is there, was leaked. The RFC makes it ineligible;
  /// who chooses no routes keeps it, with this finding.
  ///
  /// @param ours what we are to the neighbor, by the number of its role: 0 provider, 1 RS, 2
  ///     RS-client, 3 customer, 4 peer
  /// @param theirAs the AS of the neighbor
  /// @return null if no IPv4 or IPv6 unicast route of it was leaked
  public static @Nullable Finding leak(Update update, int ours, long theirAs) {
    if (!update.has(AttributeType.Assigned.ONLY_TO_CUSTOMER)) {
      return null; // as nearly always
    }
    var otc = update.attribute(OnlyToCustomer.class);
    if (otc == null
        || update.announced().stream()
            .map(NlriBlock::family)
            .noneMatch(
                family ->
                    family.equals(Family.IPV4_UNICAST) || family.equals(Family.IPV6_UNICAST))) {
      return null;
    }
    String who =
        switch (ours) {
          case PROVIDER -> "a customer";
          case RS -> "a route server client";
          case PEER -> otc.as == theirAs ? "" : "a peer of AS" + theirAs;
          default -> "";
        };
    return who.isEmpty()
        ? null
        : new Finding(
            AttributeType.Assigned.ONLY_TO_CUSTOMER,
            0,
            Octets.EMPTY,
            ErrorHandling.NONE,
            0,
            "a route leak: AS" + otc.as + " gave it to customers only, and it comes from " + who,
            "RFC 9234 5");
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    out.u32(as);
  }

  static void describe(TreeBuilder tree) {
    tree.number(TreeBuilder.VALUE, 4);
  }

  @Override
  public String toString() {
    return Long.toString(as);
  }
}
