package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputFormatTest {
  @ParameterizedTest
  @CsvSource({
    "'', EMPTY",
    "1f8b0800, GZIP",
    "425a6839314159, BZIP2",
    "28b52ffd04, ZSTD",
    "0a0d0d0a1c000000, PCAPNG",
    "d4c3b2a102000400, PCAP",
    "a1b23c4d00020004, PCAP",
    "ffffffffffffffffffffffffffffffff001304, MESSAGES",
    "5a0000000010000400000020 0000, MRT",
    "5a00000000110004ffffffff 0000, BINARY",
    "0001, BINARY",
    "6666203030 0a 23 c3a9, TEXT"
  })
  void theFirstOctetsTellTheFormat(String head, InputFormat expected) {
    assertThat(InputFormat.of(Hex.octets(head))).isEqualTo(expected);
  }

  @Test
  void hexIsText() {
    assertThat(InputFormat.of("# é\nFF ff\t00\r\n".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(InputFormat.TEXT);
  }

  @Test
  void whatTheJournalWritesIsMrt() {
    byte[] record =
        Mrt.stateChange(
            Instant.parse("2026-03-17T03:12:07Z"),
            64500,
            64496,
            AddressText.parse("192.0.2.1"),
            AddressText.parse("192.0.2.2"),
            5,
            6,
            null);

    assertThat(InputFormat.of(record)).isEqualTo(InputFormat.MRT);
  }
}
