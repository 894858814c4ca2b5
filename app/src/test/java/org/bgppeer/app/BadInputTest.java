package org.bgppeer.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What `decode` says of files that are broken: a line each with file, record and offset, and
/// everything that can be read.
class BadInputTest {
  /// A KEEPALIVE of 192.0.2.1 AS64500 in a BGP4MP record: 12 + 39 octets.
  private static final byte[] RECORD =
      octets(
          "65000000 0010 0004 00000027"
              + "0000fbf4 0000fbf5 0000 0001 c0000201 c0000202"
              + "ffffffffffffffffffffffffffffffff 0013 04");

  @TempDir private Path folder;

  private static byte[] octets(String hex) {
    return java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static byte[] joined(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private Path file(String name, byte[]... parts) throws IOException {
    return Files.write(folder.resolve(name), joined(parts));
  }

  private static void assertSays(Ran ran, int status, int records, String... lines) {
    assertThat(ran.err().lines()).containsExactly(lines);
    assertThat(ran.lines()).hasSize(records);
    assertThat(ran.status()).isEqualTo(status);
  }

  @Test
  void aFileMayBeCutAnywhere() throws IOException {
    byte[] two = joined(RECORD, RECORD);
    for (int length = RECORD.length + 1; length < two.length; length++) {
      Path file = file("cut.mrt", Arrays.copyOf(two, length));
      Ran ran = Ran.of("decode", file);
      int left = length - RECORD.length;
      String what =
          left < 12
              ? "the file ends within its header: " + left + " octets are left"
              : "the file ends within it: it has 51 octets, and " + left + " are left";
      assertSays(ran, 1, 1, file + ": record 2 at offset 51: " + what);
    }
  }

  @Test
  void aRecordOfNoOctetsIsNamedAndTheNextOneRead() throws IOException {
    Path file = file("zero.mrt", RECORD, octets("65000000 0010 0004 00000000"), RECORD);
    assertSays(
        Ran.of("decode", "--format", "seed", file),
        1,
        2,
        file + ": record 2 at offset 51: an MRT record of type 16/4 and 12 octets is too short");
  }

  @Test
  void aRecordOfFourGibibytesIsNamedAndTheNextOneRead() throws IOException {
    Path file = file("huge.mrt", RECORD, octets("65000000 0010 0004 ffffffff"), RECORD);
    assertSays(
        Ran.of("decode", file),
        1,
        2,
        file
            + ": record 2 at offset 51: a record of type 16 with a length of 4294967295 octets,"
            + " above 16777204; passed over 12 octets");
  }

  @Test
  void noiseBetweenRecordsIsPassedOver() throws IOException {
    byte[] noise = new byte[1000];
    new java.util.Random(1).nextBytes(noise);
    noise[4] = (byte) 0xff;
    Path file = file("noise.mrt", RECORD, noise, RECORD, RECORD);
    assertSays(
        Ran.of("decode", file),
        1,
        3,
        file + ": record 2 at offset 51: no MRT record stands here; passed over 1000 octets");
  }

  @Test
  void whatHasNoMagicIsRefused() throws IOException {
    Path file = file("x.mrt", octets("00112233445566778899aabbccddeeff00112233"));
    assertSays(
        Ran.of("decode", file),
        1,
        0,
        "bgp-peer: "
            + file
            + ": record 1 at offset 0: this is no MRT record, capture of packets, BGP message or"
            + " hex");
  }

  @Test
  void anEmptyFileIsNamed() throws IOException {
    Path file = file("empty.mrt");
    assertSays(
        Ran.of("decode", file),
        1,
        0,
        "bgp-peer: " + file + ": record 1 at offset 0: the file is empty");
  }

  @Test
  void aDirectoryIsRefused() {
    assertSays(
        Ran.of("decode", folder), 2, 0, "bgp-peer: " + folder + " is a directory; name a file");
  }

  @Test
  void aFileThatIsNotThereIsRefused() {
    Ran ran = Ran.of("decode", folder.resolve("not-there.mrt"));
    assertThat(ran.err()).contains("is neither a file that is there nor hex");
    assertThat(ran.status()).isEqualTo(2);
  }

  @Test
  void aCaptureWithoutBgpSaysSo() throws IOException {
    byte[] pcap = octets("a1b2c3d4 0002 0004 00000000 00000000 0000ffff 00000001");
    byte[] packet = octets("65000000 00000000 0000000e 0000000e 0000000000010000000000020806");
    Path file = file("arp.pcap", pcap, packet, packet);
    assertSays(Ran.of("decode", file), 1, 0, file + ": no BGP message in its 2 records");
  }

  @Test
  void aCaptureThatIsCutIsNamed() throws IOException {
    Path file = file("cut.pcap", octets("a1b2c3d4 0002 0004 00000000 00000000 0000ffff"));
    assertSays(
        Ran.of("decode", file),
        1,
        0,
        file + ": record 1 at offset 0: the file ends within the header of the capture");
  }

  /// How a file is packed.
  enum Packing {
    GZIP,
    BZIP2;

    byte[] pack(byte[] octets) throws IOException {
      var packed = new ByteArrayOutputStream();
      try (OutputStream out =
          this == GZIP ? new GZIPOutputStream(packed) : new BZip2CompressorOutputStream(packed)) {
        out.write(octets);
      }
      return packed.toByteArray();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCompressedFileThatIsCutGivesWhatItHasAndIsNamed(Packing packing) throws IOException {
    byte[] packed = packing.pack(joined(RECORD, RECORD));
    Path file = file("cut." + packing, Arrays.copyOf(packed, packed.length - 6));
    Ran ran = Ran.of("decode", file);
    assertThat(ran.err().lines()).hasSize(1).first().asString().contains(file.toString());
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.lines()).hasSize(2); // what is missing is the checksum at the end
  }

  @ParameterizedTest
  @EnumSource
  void aCompressedFileOfWhichNothingIsLeftIsNamed(Packing packing) throws IOException {
    byte[] packed = packing.pack(RECORD);
    Path file = file("cut." + packing, Arrays.copyOf(packed, packing == Packing.GZIP ? 10 : 12));
    Ran ran = Ran.of("decode", file);
    assertThat(ran.err().lines())
        .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
        .startsWith("bgp-peer: " + file + ": record 1 at offset 0: it cannot be read: ");
    assertThat(ran.status()).isEqualTo(1);
  }

  @Test
  void compressedTextThatIsCutGivesItsLines() throws IOException {
    String line = "ff".repeat(16) + "001304\n";
    byte[] packed = Packing.GZIP.pack(line.repeat(3).getBytes(UTF_8));
    Path file = file("cut.gz", Arrays.copyOf(packed, packed.length - 8));
    assertSays(Ran.of("decode", file), 1, 3, file + ":4:1: the compressed data end too early");
  }

  @Test
  void framesOfZstandardThatAreToBeSkippedAre() throws IOException {
    byte[] skipped = octets("532a4d18 03000000 616263");
    byte[] packed = com.github.luben.zstd.Zstd.compress(RECORD);
    assertSays(Ran.of("decode", file("f.zst", skipped, packed, skipped, packed)), 0, 2);
  }

  @Test
  void aRecordOfATableOrAMessageThatIsCutIsNamedInEveryFormat() throws IOException {
    byte[] noPeer =
        octets("65000000 000d 0002 00000013 00000001 18c63364 0001 0009 65000000 0000 00");
    byte[] cut = RECORD.clone();
    cut[49] = 0x20; // the length in the message's header
    Path file = file("broken.mrt", noPeer, cut, RECORD);
    for (String format : List.of("json", "seed", "python", "exabgp")) {
      assertSays(
          Ran.of("decode", "--format", format, file),
          1,
          format.equals("json") ? 3 : 1,
          file + ": record 1 at offset 0: no peer index table before it has peer 9",
          file + ": record 2 at offset 31: the header says 32 bytes, but only 19 are here");
    }
  }

  @ParameterizedTest
  @EnumSource
  void severalCompressedPartsAreOneFile(Packing packing) throws IOException {
    Path file = file("two." + packing, packing.pack(RECORD), packing.pack(RECORD));
    assertSays(Ran.of("decode", file), 0, 2);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsPackedInsideOutIsFound(Packing packing) throws IOException {
    Path file = file("twice", packing.pack(Packing.GZIP.pack(RECORD)));
    assertSays(Ran.of("decode", file), 0, 1);
  }

  @Test
  void aBombIsPassedOverInSmallMemory() throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var out = new BZip2CompressorOutputStream(packed)) {
      out.write(RECORD);
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 600; i++) {
        out.write(zeros);
      }
    }
    Path file = file("bomb.bz2", packed.toByteArray());
    assertThat(Files.size(file)).isLessThan(2000);
    assertSays(
        Ran.of("decode", file), 1, 1, file + ": record 2 at offset 51: no MRT record stands here");
  }

  @Test
  void manyBrokenRecordsAreNotAllNamed() throws IOException {
    var all = new ByteArrayOutputStream();
    for (int i = 0; i < 500; i++) {
      all.writeBytes(octets("65000000 0010 0004 00000000"));
    }
    Path file = file("many.mrt", all.toByteArray());
    Ran ran = Ran.of("decode", "--format", "bgpdump", file);
    List<String> lines = ran.err().lines().toList();
    assertThat(lines).hasSize(101);
    assertThat(lines.getLast()).isEqualTo(file + ": 400 more records are broken");
  }
}
