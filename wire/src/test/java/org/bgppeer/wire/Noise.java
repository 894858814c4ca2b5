package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.BiConsumer;

/// Random octets, the same in each run: what every decoder must have an answer to.
final class Noise {
  private static final int VALUES = 20_000;

  private Noise() {}

  /// Reads the value of an attribute.
  interface Decoder<T> {
    T decode(WireReader in) throws MalformedAttribute;
  }

  /// Each value is refused as malformed, or is read to its end and written back as it was; and at
  /// least one is read.
  static <T> void survives(Decoder<T> decoder, BiConsumer<T, WireWriter> encoder) {
    var random = new Random(4271);
    int read = 0;
    for (int i = 0; i < VALUES; i++) {
      byte[] octets = octets(random, random.nextInt(64));
      var in = new WireReader(octets);
      try {
        T value = decoder.decode(in);
        var out = new WireWriter();
        encoder.accept(value, out);
        assertThat(out.toByteArray()).isEqualTo(octets);
        assertThat(in.remaining()).isZero();
        assertThat(value.toString()).isNotNull();
        read++;
      } catch (MalformedAttribute e) {
        assertThat(e.reason()).isNotEmpty();
      }
    }
    assertThat(read).isPositive();
  }

  /// Octets, many of them small: lengths, types and counts are.
  static byte[] octets(Random random, int length) {
    byte[] octets = new byte[length];
    random.nextBytes(octets);
    for (int i = 0; i < length; i++) {
      if (random.nextBoolean()) {
        octets[i] = (byte) (octets[i] & 7);
      }
    }
    return octets;
  }
}
