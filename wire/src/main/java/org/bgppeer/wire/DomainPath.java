package org.bgppeer.wire;

import java.util.ArrayList;
import java.util.List;

/// D_PATH, type 36, draft-ietf-bess-evpn-ipvpn-interworking §4: the domains that a route came
/// through between EVPN and IP VPN, last one first. A segment is a count of one octet and so many
/// times a domain of 6 octets with the SAFI of its routes.
///
/// @param segments in wire order
public record DomainPath(List<List<Domain>> segments) implements PathAttribute {
  private static final int OCTETS_EACH = 7;

  public DomainPath {
    segments = segments.stream().map(List::copyOf).toList();
  }

  /// One domain.
  ///
  /// @param globalAdministrator mostly an AS
  /// @param safi how the routes were carried in it; 0 within a gateway
  public record Domain(long globalAdministrator, int localAdministrator, int safi) {
    /// `64500:1:evpn`
    @Override
    public String toString() {
      return globalAdministrator + ":" + localAdministrator + ":" + words(safi);
    }

    private static String words(int safi) {
      return safi == 0 ? "local" : Safi.of(safi).toString();
    }
  }

  @Override
  public AttributeType type() {
    return AttributeType.Assigned.D_PATH;
  }

  /// Reads the attribute's value: all that is left of `in`.
  ///
  /// @throws MalformedAttribute if a segment is empty or does not fit
  static DomainPath decode(WireReader in) throws MalformedAttribute {
    var segments = new ArrayList<List<Domain>>();
    do {
      int count = in.remaining() == 0 ? 0 : in.u8();
      if (count == 0 || count * OCTETS_EACH > in.remaining()) {
        throw new MalformedAttribute(
            "a segment of " + count + " domains where " + in.remaining() + " octets are left");
      }
      var domains = new ArrayList<Domain>();
      for (int i = 0; i < count; i++) {
        domains.add(new Domain(in.u32(), in.u16(), in.u8()));
      }
      segments.add(domains);
    } while (in.remaining() > 0);
    return new DomainPath(segments);
  }

  /// Writes the value; flags, type and length are the caller's.
  void encode(WireWriter out) {
    for (List<Domain> segment : segments) {
      out.u8(segment.size());
      for (Domain one : segment) {
        out.u32(one.globalAdministrator).u16(one.localAdministrator).u8(one.safi);
      }
    }
  }

  static void describe(TreeBuilder tree) {
    while (tree.remaining() > 0) {
      int count = tree.u8(0);
      TreeBuilder.Part segment = tree.open("segment");
      tree.leaf("length", 1, count == 1 ? "1 domain" : count + " domains");
      tree.bound(count * OCTETS_EACH);
      var text = new StringBuilder();
      while (tree.remaining() >= OCTETS_EACH) {
        String domain = new Domain(tree.u32(0), tree.u16(4), tree.u8(6)).toString();
        tree.leaf("domain", OCTETS_EACH, domain);
        text.append(text.isEmpty() ? "" : " ").append(domain);
      }
      segment.value(text.toString());
      tree.close();
    }
  }

  /// `64500:1:evpn 64501:2:vpn`
  @Override
  public String toString() {
    return AttributeTree.text(this, this::encode);
  }
}
