package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// CLUSTER_LIST, type 10, RFC 4456 §8: the clusters that a reflected route passed, 4 octets each.
///
/// @param clusters at least one, in wire order
public record ClusterList(List<Long> clusters) implements PathAttribute {
  public ClusterList {
    clusters = List.copyOf(clusters);
  }

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.CLUSTER_LIST;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if its length is not a non-zero multiple of 4 (RFC 7606 §7.10)
  static ClusterList decode(WireReader in) throws MalformedAttribute {
    MalformedAttribute.unlessMultipleOf(4, in.remaining());
    var clusters = new ArrayList<Long>();
    while (in.remaining() > 0) {
      clusters.add(in.u32());
    }
    return new ClusterList(clusters);
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    for (long cluster : clusters) {
      out.u32(cluster);
    }
  }

  static void describe(TreeBuilder tree) {
    tree.each("cluster", 4, tree::ipv4);
  }

  /// Dotted decimals, separated by spaces.
  @Override
  public String toString() {
    return clusters.stream().map(AddressText::ofIdentifier).collect(Collectors.joining(" "));
  }
}
