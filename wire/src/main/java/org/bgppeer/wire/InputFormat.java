package org.bgppeer.wire;

import java.util.Arrays;

/// What a file holds, told by its first octets.
public enum InputFormat {
  /// Text: hex, if anything that we read.
  TEXT("text"),
  /// Nothing at all.
  EMPTY("an empty file"),
  /// MRT records (RFC 6396).
  MRT("an MRT file"),
  /// A capture of packets as tcpdump writes it.
  PCAP("a pcap capture"),
  /// A capture of packets as Wireshark writes it.
  PCAPNG("a pcapng capture"),
  /// gzip (RFC 1952); what is inside is not looked at.
  GZIP("a gzip file"),
  /// bzip2; what is inside is not looked at.
  BZIP2("a bzip2 file"),
  /// Zstandard (RFC 8878); what is inside is not looked at.
  ZSTD("a Zstandard file"),
  /// xz; what is inside is not looked at.
  XZ("an xz file"),
  /// BGP messages as octets, not as hex: begins with a marker.
  MESSAGES("BGP messages as raw octets"),
  /// Octets that are none of the above.
  BINARY("binary data");

  /// How many octets from the beginning of a file are enough for [#of].
  public static final int HEAD = 512;

  private final String words;

  InputFormat(String words) {
    this.words = words;
  }

  /// For a sentence: "an MRT file".
  public String words() {
    return words;
  }

  /// Tells the format.
  ///
  /// @param head the first [#HEAD] octets of the file, or all if it has fewer
  public static InputFormat of(byte[] head) {
    if (head.length == 0) {
      return EMPTY;
    }
    if (begins(head, 0x1f, 0x8b)) {
      return GZIP;
    }
    if (begins(head, 'B', 'Z', 'h') && head.length > 3 && head[3] >= '1' && head[3] <= '9') {
      return BZIP2;
    }
    boolean skippable = head.length >= 4 && (head[0] & 0xf0) == 0x50; // RFC 8878 §3.1.2
    if (begins(head, 0x28, 0xb5, 0x2f, 0xfd)
        || (skippable && begins(head, head[0], 0x2a, 0x4d, 0x18))) {
      return ZSTD;
    }
    if (begins(head, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      return XZ;
    }
    if (begins(head, 0x0a, 0x0d, 0x0d, 0x0a)) {
      return PCAPNG;
    }
    if (begins(head, 0xa1, 0xb2, 0xc3, 0xd4)
        || begins(head, 0xd4, 0xc3, 0xb2, 0xa1)
        || begins(head, 0xa1, 0xb2, 0x3c, 0x4d)
        || begins(head, 0x4d, 0x3c, 0xb2, 0xa1)
        || begins(head, 0xa1, 0xb2, 0xcd, 0x34)
        || begins(head, 0x34, 0xcd, 0xb2, 0xa1)) {
      return PCAP;
    }
    byte[] marker = new byte[16];
    Arrays.fill(marker, (byte) 0xff);
    if (head.length >= 16 && Arrays.equals(head, 0, 16, marker, 0, 16)) {
      return MESSAGES;
    }
    boolean text = true;
    for (byte b : head) {
      text &= (b & 0xff) >= 0x20 ? b != 0x7f : (b >= '\t' && b <= '\r');
    }
    if (text) {
      return TEXT;
    }
    return mrt(head) ? MRT : BINARY;
  }

  private static boolean begins(byte[] head, int... magic) {
    if (head.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((head[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /// MRT has no magic number: seconds (u32), type (u16), subtype (u16), length (u32), RFC 6396 §2.
  /// A type that IANA knows, with a small subtype and a length below 16 MiB, is no accident.
  private static boolean mrt(byte[] head) {
    if (head.length < 12) {
      return false;
    }
    var in = new WireReader(head);
    in.u32();
    int type = in.u16();
    int subtype = in.u16();
    long length = in.u32();
    return switch (type) {
      case 5, 11, 12, 13, 16, 17, 32, 33, 48, 49 -> subtype <= 32 && length < 1 << 24;
      default -> false;
    };
  }
}
