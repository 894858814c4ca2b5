package org.bgppeer.wire;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Takes captured packets apart down to TCP: link layer (Ethernet with VLANs and MPLS, Linux
/// cooked, loopback, PPP, HDLC, raw IP), IPv4 with fragments put together, IPv6 with extension
/// headers, and what is in the tunnels of IP, GRE and VXLAN. What is not TCP is nothing. Keeps
/// fragments, some, until the others come.
public final class PacketLayers {
  private static final int IPV4 = 0x0800;
  private static final int IPV6 = 0x86dd;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int VXLAN_PORT = 4789;

  /// No packet has more headers that stand in each other; only a trap has.
  private static final int MAX_DEPTH = 24;

  private static final int MAX_DATAGRAMS = 64;
  private static final int MAX_DATAGRAM = 65535;

  /// What fragments of one datagram have in common.
  private record DatagramKey(Octets source, Octets destination, long identification) {}

  /// A datagram of which fragments are missing.
  private static final class Datagram {
    private byte[] octets = {};
    private boolean[] there = {};
    private int length = -1;

    private void add(byte[] array, int offset, int length, int at, boolean last) {
      int end = at + length;
      if (end > MAX_DATAGRAM) {
        return;
      }
      if (end > octets.length) {
        octets = Arrays.copyOf(octets, end);
        there = Arrays.copyOf(there, end);
      }
      System.arraycopy(array, offset, octets, at, length);
      Arrays.fill(there, at, end, true);
      if (last) {
        this.length = end;
      }
    }

    private boolean isWhole() {
      if (length < 0 || length > there.length) {
        return false;
      }
      for (int i = 0; i < length; i++) {
        if (!there[i]) {
          return false;
        }
      }
      return true;
    }
  }

  private final Map<DatagramKey, Datagram> datagrams =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<DatagramKey, Datagram> eldest) {
          return size() > MAX_DATAGRAMS;
        }
      };

  private int depth;

  /// The TCP segment of a packet; null if it has none, or not its whole header.
  public @Nullable TcpSegment segment(byte[] array, Capture.Packet packet) {
    depth = 0;
    int at = packet.offset();
    int end = at + packet.captured();
    return switch (packet.linkType()) {
      case 0, 108 -> end - at < 4 ? null : ip(array, at + 4, end);
      case 1 -> end - at < 14 ? null : etherType(array, at + 12, end);
      case 9, 50 -> ppp(array, at, end);
      case 12, 14, 101, 228, 229 -> ip(array, at, end);
      case 104 -> end - at < 4 ? null : etherType(array, at + 2, end);
      case 107 -> frameRelay(array, at, end);
      case 113 -> end - at < 16 ? null : etherType(array, at + 14, end);
      case 178 -> juniper(array, at, end);
      case 276 -> end - at < 20 ? null : typed(WireReader.u16(array, at), array, at + 20, end);
      default -> null;
    };
  }

  /// From the two octets of a type on.
  private @Nullable TcpSegment etherType(byte[] array, int at, int end) {
    int type = WireReader.u16(array, at);
    if (type <= 1500 && end - at >= 10) { // IEEE 802.3: LLC and SNAP
      boolean snap = (array[at + 2] & 0xff) == 0xaa && (array[at + 3] & 0xff) == 0xaa;
      return snap ? typed(WireReader.u16(array, at + 8), array, at + 10, end) : null;
    }
    return typed(type, array, at + 2, end);
  }

  private @Nullable TcpSegment typed(int type, byte[] array, int at, int end) {
    if (++depth > MAX_DEPTH) {
      return null;
    }
    return switch (type) {
      case IPV4, IPV6 -> ip(array, at, end);
      case 0x6558 -> end - at < 14 ? null : etherType(array, at + 12, end); // in GRE
      case 0x8100, 0x88a8, 0x9100, 0x9200 -> end - at < 4 ? null : etherType(array, at + 2, end);
      case 0x8847, 0x8848 -> {
        int label = at;
        while (label + 4 <= end && (array[label + 2] & 1) == 0) {
          label += 4;
        }
        label += 4;
        yield end - label >= 18 && array[label] == 0
            ? pseudowire(array, label, end)
            : ip(array, label, end);
      }
      case 0x8864 -> end - at < 8 ? null : ppp(array, at + 6, end); // PPPoE
      default -> null;
    };
  }

  /// A frame in MPLS, RFC 4448: behind a control word or without, which only its ends know.
  private @Nullable TcpSegment pseudowire(byte[] array, int at, int end) {
    TcpSegment behind = etherType(array, at + 16, end);
    return behind != null ? behind : etherType(array, at + 12, end);
  }

  private @Nullable TcpSegment ppp(byte[] array, int at, int end) {
    if (end - at >= 2 && (array[at] & 0xff) == 0xff && array[at + 1] == 3) {
      at += 2;
    }
    if (end - at < 4) {
      return null;
    }
    boolean hdlc = (array[at] & 0x7f) == 0x0f && array[at + 1] == 0; // Cisco's
    if (hdlc) {
      return etherType(array, at + 2, end);
    }
    boolean one = (array[at] & 1) != 0;
    int protocol = one ? array[at] & 0xff : WireReader.u16(array, at);
    boolean ip = protocol == 0x21 || protocol == 0x57;
    return ip ? ip(array, at + (one ? 1 : 2), end) : null;
  }

  /// Frame relay, RFC 2427: an address, a control octet, and a number of the protocol; or, of
  /// Cisco, an address and a type as Ethernet has it.
  private @Nullable TcpSegment frameRelay(byte[] array, int at, int end) {
    while (at < end && (array[at] & 1) == 0) {
      at++;
    }
    at++;
    if (end - at < 3) {
      return null;
    }
    if (array[at] != 3) {
      return etherType(array, at, end);
    }
    at += array[at + 1] == 0 ? 2 : 1;
    int protocol = array[at] & 0xff;
    if (protocol == 0x80 && end - at > 6) {
      return etherType(array, at + 4, end);
    }
    return protocol == 0xcc || protocol == 0x8e ? ip(array, at + 1, end) : null;
  }

  /// What Junos writes before an Ethernet frame: `MGC`, flags, and extensions with their length.
  private @Nullable TcpSegment juniper(byte[] array, int at, int end) {
    if (end - at < 6 || array[at] != 'M' || array[at + 1] != 'G' || array[at + 2] != 'C') {
      return null;
    }
    int frame = at + ((array[at + 3] & 0x80) != 0 ? 6 + WireReader.u16(array, at + 4) : 4);
    return end - frame < 14 ? null : etherType(array, frame + 12, end);
  }

  private @Nullable TcpSegment ip(byte[] array, int at, int end) {
    if (at >= end || ++depth > MAX_DEPTH) {
      return null;
    }
    return switch (array[at] >>> 4 & 0xf) {
      case 4 -> ipv4(array, at, end);
      case 6 -> ipv6(array, at, end);
      default -> null;
    };
  }

  private @Nullable TcpSegment ipv4(byte[] array, int at, int end) {
    int header = (array[at] & 0xf) * 4;
    if (header < 20 || end - at < header) {
      return null;
    }
    int protocol = array[at + 9] & 0xff;
    int total = WireReader.u16(array, at + 2);
    if (total == 0) {
      total = end - at; // the network card cuts it into packets later
    }
    int length = total - header;
    int captured = Math.min(length, end - at - header);
    Octets source = Octets.copyOf(array, at + 12, 4);
    Octets destination = Octets.copyOf(array, at + 16, 4);
    int fragment = WireReader.u16(array, at + 6);
    boolean more = (fragment & 0x2000) != 0;
    int place = (fragment & 0x1fff) * 8;
    if (more || place > 0) {
      if (protocol != TCP) {
        return null;
      }
      var key = new DatagramKey(source, destination, WireReader.u16(array, at + 4));
      return fragment(key, array, at + header, captured, place, more);
    }
    return payload(protocol, source, destination, array, at + header, captured, length);
  }

  /// What an IP packet carries.
  private @Nullable TcpSegment payload(
      int protocol,
      Octets source,
      Octets destination,
      byte[] array,
      int at,
      int captured,
      int length) {
    int end = at + captured;
    return switch (protocol) {
      case TCP -> tcp(source, destination, array, at, captured, length);
      case 4, 41 -> ip(array, at, end);
      case 47 -> gre(array, at, end);
      case UDP ->
          captured >= 30 && WireReader.u16(array, at + 2) == VXLAN_PORT
              ? etherType(array, at + 28, end) // UDP 8, VXLAN 8 (RFC 7348 §5), addresses 12
              : null;
      default -> null;
    };
  }

  /// GRE, RFC 2784 and RFC 2890: checksum, key and number of a sequence if a bit says so.
  private @Nullable TcpSegment gre(byte[] array, int at, int end) {
    if (end - at < 4) {
      return null;
    }
    int size = 4 + 4 * Integer.bitCount(array[at] & 0xb0);
    return end - at <= size ? null : typed(WireReader.u16(array, at + 2), array, at + size, end);
  }

  private @Nullable TcpSegment ipv6(byte[] array, int at, int end) {
    if (end - at < 40) {
      return null;
    }
    Octets source = Octets.copyOf(array, at + 8, 16);
    Octets destination = Octets.copyOf(array, at + 24, 16);
    int total = WireReader.u16(array, at + 4);
    int last = at + 40 + (total == 0 ? end - at - 40 : total);
    int next = array[at + 6] & 0xff;
    int header = at + 40;
    while (header + 4 <= end) {
      int size;
      switch (next) {
        case 0, 43, 60, 135 -> size = 8 + (array[header + 1] & 0xff) * 8;
        case 51 -> size = 8 + (array[header + 1] & 0xff) * 4;
        case 44 -> {
          if (header + 8 > end || (array[header] & 0xff) != TCP) {
            return null;
          }
          int field = WireReader.u16(array, header + 2);
          var key = new DatagramKey(source, destination, WireReader.u32(array, header + 4));
          int captured = Math.min(last, end) - header - 8;
          return fragment(key, array, header + 8, captured, field & 0xfff8, (field & 1) != 0);
        }
        default -> {
          int captured = Math.min(last, end) - header;
          return payload(next, source, destination, array, header, captured, last - header);
        }
      }
      next = array[header] & 0xff;
      header += size;
    }
    return null;
  }

  private @Nullable TcpSegment fragment(
      DatagramKey key, byte[] array, int offset, int length, int place, boolean more) {
    if (length <= 0) {
      return null;
    }
    Datagram datagram = datagrams.computeIfAbsent(key, _ -> new Datagram());
    datagram.add(array, offset, length, place, !more);
    if (!datagram.isWhole()) {
      return null;
    }
    datagrams.remove(key);
    return tcp(key.source, key.destination, datagram.octets, 0, datagram.length, datagram.length);
  }

  private static @Nullable TcpSegment tcp(
      Octets source, Octets destination, byte[] array, int at, int captured, int length) {
    if (captured < 20) {
      return null;
    }
    int header = (array[at + 12] >>> 4 & 0xf) * 4;
    if (header < 20 || header > length) {
      return null;
    }
    return new TcpSegment(
        source,
        WireReader.u16(array, at),
        destination,
        WireReader.u16(array, at + 2),
        WireReader.u32(array, at + 4),
        array[at + 13] & 0xff,
        array,
        Math.min(at + header, at + captured),
        Math.max(0, captured - header),
        length - header);
  }
}
