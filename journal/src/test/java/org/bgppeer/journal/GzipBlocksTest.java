package org.bgppeer.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GzipBlocksTest {
  private static final int BLOCK = 1 << 18;

  @TempDir Path dir;

  private static byte[] octets(int size, boolean random) {
    byte[] octets = new byte[size];
    if (random) {
      new Random(42).nextBytes(octets);
    } else {
      for (int i = 0; i < size; i++) {
        octets[i] = (byte) (i / 1000);
      }
    }
    return octets;
  }

  private Path compressed(byte[] octets) throws IOException {
    Path file = dir.resolve("file.gz");
    try (var out = Files.newOutputStream(file)) {
      assertThat(GzipBlocks.compress(new ByteArrayInputStream(octets), out))
          .isEqualTo(octets.length);
    }
    return file;
  }

  private static byte[] readAll(Path file, long offset) throws IOException {
    var all = new ByteArrayOutputStream();
    byte[] part = new byte[10_000];
    try (var source = GzipBlocks.open(file, offset)) {
      int n;
      while ((n = source.read(part, 0, part.length)) > 0) {
        all.write(part, 0, n);
      }
    }
    return all.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 12345})
  void everyGunzipReadsItAndSoDoWe(int size) throws Exception {
    for (boolean random : new boolean[] {false, true}) {
      byte[] octets = octets(size, random);
      Path file = compressed(octets);

      if (size > 0) {
        assertThat(Story.contents(file)).isEqualTo(octets);
      }
      assertThat(readAll(file, 0)).isEqualTo(octets);
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 3 * BLOCK - 1, 3 * BLOCK, 9999999})
  void itCanBeEnteredAnywhere(int offset) throws Exception {
    byte[] octets = octets(3 * BLOCK, true);
    byte[] rest = Arrays.copyOfRange(octets, Math.min(offset, octets.length), octets.length);

    assertThat(readAll(compressed(octets), offset)).isEqualTo(rest);
  }

  @Test
  void filesOfOtherProgramsAreReadFromTheFront() throws Exception {
    byte[] octets = octets(BLOCK + 77, true);
    Path file = dir.resolve("other.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(octets);
    }

    assertThat(readAll(file, 0)).isEqualTo(octets);
    assertThat(readAll(file, BLOCK)).isEqualTo(Arrays.copyOfRange(octets, BLOCK, octets.length));
    assertThat(readAll(file, 9999999)).isEmpty();
  }

  @Test
  void aChangedOctetIsNoticed() throws Exception {
    Path file = compressed(octets(BLOCK, true));
    byte[] changed = Files.readAllBytes(file);
    changed[changed.length / 2] ^= 1;
    Files.write(file, changed);

    assertThatThrownBy(() -> readAll(file, 0)).isInstanceOf(IOException.class);
  }

  @Test
  void aFileCutInAMemberIsNoticed() throws Exception {
    Path file = compressed(octets(2 * BLOCK, true));
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 100));

    assertThatThrownBy(() -> readAll(file, 0)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> readAll(file, 2 * BLOCK - 1)).isInstanceOf(IOException.class);
  }
}
