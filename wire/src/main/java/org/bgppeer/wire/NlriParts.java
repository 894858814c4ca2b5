package org.bgppeer.wire;

import org.jspecify.annotations.Nullable;

/// What a [NlriCodec] tells of one NLRI: its parts, from the first octet to the last, each with a
/// name, its meaning and its role. This class only checks that the octets are there; its subclasses
/// make of the parts what they are after: the key, the text, a tree for people.
///
/// A part has one of three roles. It *frames* others (a length, a reserved octet); it belongs to
/// the *key*, by which a withdrawal finds the route; or it is a *detail* of one version of the
/// route, such as a label, whose change is a new version.
class NlriParts {
  /// Writes what some octets mean.
  interface Words {
    /// Appends the text of `length` octets of `array` from `at`.
    void append(byte[] array, int at, int length, StringBuilder text);
  }

  byte[] array = {};
  int at;
  int end;

  /// Begins with one NLRI of `length` octets.
  void begin(byte[] octets, int from, int length) {
    array = octets;
    at = from;
    end = from + length;
  }

  /// Octets not told yet.
  final int remaining() {
    return end - at;
  }

  /// The octet that is `ahead` of the next one, which must be there.
  final int u8(int ahead) throws MalformedAttribute {
    need("octet", ahead + 1);
    return array[at + ahead] & 0xff;
  }

  /// The two octets that are `ahead` of the next one, which must be there.
  final int u16(int ahead) throws MalformedAttribute {
    need("number", ahead + 2);
    return WireReader.u16(array, at + ahead);
  }

  private void need(String name, int octets) throws MalformedAttribute {
    if (octets > end - at) {
      throw new MalformedAttribute(
          name + " needs " + octets + " octets where " + (end - at) + " are left");
    }
  }

  /// Octets that say how others are to be read, or nothing.
  final void frame(String name, int octets, Words words) throws MalformedAttribute {
    need(name, octets);
    onFrame(name, octets, words);
    at += octets;
  }

  /// Octets of the key.
  ///
  /// @param before what stands before their meaning in the canonical text; null if they do not
  ///   stand in it
  final void key(String name, @Nullable String before, int octets, Words words)
      throws MalformedAttribute {
    need(name, octets);
    onKey(name, before, octets, words);
    at += octets;
  }

  /// Octets that belong to a version.
  ///
  /// @param before what stands before their meaning in the text of the details
  final void detail(String name, String before, int octets, Words words) throws MalformedAttribute {
    need(name, octets);
    onDetail(name, before, octets, words);
    at += octets;
  }

  /// A prefix of `bits` bits in as few octets as hold them, as part of the key. The bits behind are
  /// irrelevant (RFC 4271 §4.3).
  ///
  /// @param addressOctets of a whole address: 4 or 16
  final void prefix(String name, String before, int bits, int addressOctets)
      throws MalformedAttribute {
    if (bits > addressOctets * 8) {
      throw new MalformedAttribute("a prefix of " + bits + " bits, above " + addressOctets * 8);
    }
    int octets = (bits + 7) >> 3;
    need(name, octets);
    onPrefix(name, before, bits, octets, addressOctets);
    at += octets;
  }

  /// A prefix in all the octets of an address.
  final void wholePrefix(String name, String before, int bits, int addressOctets)
      throws MalformedAttribute {
    if (bits > addressOctets * 8) {
      throw new MalformedAttribute("a prefix of " + bits + " bits, above " + addressOctets * 8);
    }
    need(name, addressOctets);
    onPrefix(name, before, bits, addressOctets, addressOctets);
    at += addressOctets;
  }

  /// An address behind its length in bits, both of the key: 32, 128, or 0 for none.
  ///
  /// @param none what stands in the text for none; null if there must be an address
  final void address(String name, String before, @Nullable String none) throws MalformedAttribute {
    int bits = u8(0);
    if (bits != 32 && bits != 128 && (bits != 0 || none == null)) {
      throw new MalformedAttribute(
          "an address (" + name + ") of " + bits + " bits is not of 32 or 128");
    }
    key(name + " length", null, 1, NlriParts::number);
    if (bits > 0) {
      key(name, before, bits / 8, NlriParts::address);
    } else if (none != null) {
      word(none);
    }
  }

  /// A word of the canonical text that has no octets of its own.
  void word(String word) {}

  /// The next octets, of which there are enough, up to [#close] are one part with parts of its own.
  void open(String name, int octets) {}

  /// Ends what [#open] began.
  void close() {}

  /// Refuses octets that nothing was said about.
  final void nothingElse() throws MalformedAttribute {
    if (at < end) {
      throw new MalformedAttribute((end - at) + " octets too many");
    }
  }

  void onFrame(String name, int octets, Words words) {}

  void onKey(String name, @Nullable String before, int octets, Words words) {}

  void onDetail(String name, String before, int octets, Words words) {}

  void onPrefix(String name, String before, int bits, int octets, int addressOctets) {}

  /// The address of a prefix, padded with zeros, and behind it its length: see [Prefix#key].
  static void paddedPrefix(
      byte[] array, int at, int bits, int addressOctets, byte[] target, int offset) {
    int octets = (bits + 7) >> 3;
    System.arraycopy(array, at, target, offset, octets);
    if ((bits & 7) != 0) {
      target[offset + octets - 1] &= (byte) (0xff00 >>> (bits & 7));
    }
    java.util.Arrays.fill(target, offset + octets, offset + addressOctets, (byte) 0);
    target[offset + addressOctets] = (byte) bits;
  }

  /// Gathers the octets of the key.
  static final class Key extends NlriParts {
    private final WireWriter key;
    private final byte[] prefix = new byte[17];

    Key(WireWriter key) {
      this.key = key;
    }

    @Override
    void onKey(String name, @Nullable String before, int octets, Words words) {
      key.octets(array, at, octets);
    }

    @Override
    void onPrefix(String name, String before, int bits, int octets, int addressOctets) {
      paddedPrefix(array, at, bits, addressOctets, prefix, 0);
      key.octets(prefix, 0, addressOctets + 1);
    }
  }

  /// Writes the canonical text.
  static final class Text extends NlriParts {
    private final StringBuilder text;

    Text(StringBuilder text) {
      this.text = text;
    }

    @Override
    void word(String word) {
      text.append(word);
    }

    @Override
    void onKey(String name, @Nullable String before, int octets, Words words) {
      if (before != null) {
        text.append(before);
        words.append(array, at, octets, text);
      }
    }

    @Override
    void onPrefix(String name, String before, int bits, int octets, int addressOctets) {
      text.append(before);
      appendPrefix(array, at, bits, addressOctets, text);
    }
  }

  /// Writes the text of the details.
  static final class Details extends NlriParts {
    private final StringBuilder text;

    Details(StringBuilder text) {
      this.text = text;
    }

    @Override
    void onDetail(String name, String before, int octets, Words words) {
      if (!text.isEmpty()) {
        text.append(' ');
      }
      text.append(before);
      words.append(array, at, octets, text);
    }
  }

  // ---- words that many kinds use ----

  /// The text of a prefix of `bits` bits at `at`.
  static void appendPrefix(byte[] array, int at, int bits, int addressOctets, StringBuilder text) {
    byte[] key = new byte[addressOctets + 1];
    paddedPrefix(array, at, bits, addressOctets, key, 0);
    text.append(addressOctets == 4 ? PrefixText.ipv4(key, 0) : PrefixText.ipv6(key, 0));
  }

  /// An unsigned number of 1 to 8 octets in decimals.
  static void number(byte[] array, int at, int length, StringBuilder text) {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value = value << 8 | array[at + i] & 0xff;
    }
    text.append(Long.toUnsignedString(value));
  }

  /// An IPv4 or IPv6 address.
  static void address(byte[] array, int at, int length, StringBuilder text) {
    text.append(
        switch (length) {
          case 4 -> AddressText.ipv4(array, at);
          case 16 -> AddressText.ipv6(array, at);
          default -> Octets.copyOf(array, at, length).toHex();
        });
  }

  /// The name of a code, or `type-` and the number of one that has none.
  static void name(String[] names, int code, StringBuilder text) {
    if (code < names.length && !names[code].isEmpty()) {
      text.append(names[code]);
    } else {
      text.append("type-").append(code);
    }
  }

  /// Hex digits behind `0x`.
  static void hex(byte[] array, int at, int length, StringBuilder text) {
    text.append("0x");
    for (int i = at; i < at + length; i++) {
      text.append(Character.forDigit(array[i] >> 4 & 0xf, 16));
      text.append(Character.forDigit(array[i] & 0xf, 16));
    }
  }

  /// Octets with a colon between each and the next: a MAC address, an Ethernet segment.
  static void colons(byte[] array, int at, int length, StringBuilder text) {
    for (int i = at; i < at + length; i++) {
      if (i > at) {
        text.append(':');
      }
      text.append(Character.forDigit(array[i] >> 4 & 0xf, 16));
      text.append(Character.forDigit(array[i] & 0xf, 16));
    }
  }
}
