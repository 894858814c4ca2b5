package org.bgppeer.bench;

import java.util.SplittableRandom;
import org.bgppeer.wire.WireWriter;

/// A table that is, to whoever receives it, like the Internet's: 5 to 6 prefixes an UPDATE but half
/// of the UPDATEs with one, AS paths of 4 to 5, communities on most; IPv4 first, then IPv6, then
/// both End-of-RIB. The same numbers give the same octets.
final class SyntheticTable {
  private static final int NLRI_OCTETS = 3_600;
  private static final int[] LENGTHS = {24, 24, 24, 24, 24, 24, 23, 22, 21, 20};
  private static final int[] LENGTHS6 = {48, 48, 48, 48, 40, 44, 36, 32, 32, 29};

  private final SplittableRandom random = new SplittableRandom(1);
  private final WireWriter messages = new WireWriter(32 << 20);
  private final int[] used = new int[129];

  private SyntheticTable() {}

  /// UPDATE messages, one behind the other; the first AS of each path is the sender's to set.
  static byte[] of(int ipv4Routes, int ipv6Routes) {
    var table = new SyntheticTable();
    table.family(ipv4Routes, false);
    table.family(ipv6Routes, true);
    table.message(new WireWriter().u16(0).u16(0)); // End-of-RIB, RFC 4724 §2
    table.message(new WireWriter().u16(0).u16(6).u8(0x80).u8(15).u8(3).u16(2).u8(1));
    return table.messages.toByteArray();
  }

  private void family(int routes, boolean ipv6) {
    for (int left = routes; left > 0; ) {
      var nlri = new WireWriter();
      int many = Math.min(left, prefixes());
      while (many-- > 0 && nlri.length() < NLRI_OCTETS) {
        prefix(nlri, ipv6);
        left--;
      }
      var attributes = new WireWriter();
      if (ipv6) {
        int length = 5 + 16 + nlri.length();
        attributes.u8(0x90).u8(14).u16(length).u16(2).u8(1).u8(16);
        attributes.u32(0x20010db8).u32(0).u32(0).u32(1).u8(0);
        attributes.octets(nlri.array(), 0, nlri.length());
      }
      attributes(attributes);
      if (!ipv6) {
        attributes.u8(0x40).u8(3).u8(4).u32(0xc0000201);
      }
      var body = new WireWriter().u16(0).u16(attributes.length());
      body.octets(attributes.array(), 0, attributes.length());
      if (!ipv6) {
        body.octets(nlri.array(), 0, nlri.length());
      }
      message(body);
    }
  }

  private int prefixes() {
    return random.nextBoolean() ? 1 : 1 + (int) Math.min(600, 2.2 / (random.nextDouble() + 0.002));
  }

  /// A prefix that was not there before: an odd factor turns a count into each number once.
  private void prefix(WireWriter out, boolean ipv6) {
    int[] lengths = ipv6 ? LENGTHS6 : LENGTHS;
    int bits = lengths[random.nextInt(lengths.length)];
    int free = Math.min(bits - (ipv6 ? 3 : 0), 28); // IPv6: behind 2000::/3
    long network = used[ipv6 ? bits + 64 : bits]++ * 0x9e3779b1L & (1L << free) - 1;
    long address = ipv6 ? 1L << 61 | network << 61 - free : network << 64 - free;
    out.u8(bits);
    for (int octet = 0; octet < bits + 7 >> 3; octet++) {
      out.u8((int) (address >>> 56 - 8 * octet) & 0xff);
    }
  }

  private void attributes(WireWriter out) {
    out.u8(0x40).u8(1).u8(1).u8(random.nextInt(10) == 0 ? 2 : 0);
    int hops = 3 + random.nextInt(4);
    out.u8(0x40).u8(2).u8(2 + 4 * hops).u8(2).u8(hops);
    for (int hop = 0; hop < hops; hop++) {
      out.u32(hop < hops - 1 ? 1 + random.nextInt(4_000) : 10_000 + random.nextInt(75_000));
    }
    int communities = random.nextInt(10);
    if (communities > 0) {
      out.u8(0xc0).u8(8).u8(4 * communities);
      for (int i = 0; i < communities; i++) {
        out.u16(1 + random.nextInt(4_000)).u16(random.nextInt(2_000));
      }
    }
  }

  private void message(WireWriter body) {
    messages.u64(-1).u64(-1).u16(19 + body.length()).u8(2).octets(body.array(), 0, body.length());
  }
}
