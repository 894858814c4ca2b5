package org.bgppeer.session;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A key of TCP-AO, what RFC 5925 §3.1 calls a master key tuple.
///
/// @param sendId what we call it in segments that we send, 0..255
/// @param receiveId what they call it in segments that they send, 0..255
/// @param secret 1 to 80 octets of UTF-8
public record TcpAoKey(int sendId, int receiveId, Algorithm algorithm, String secret) {
  /// What Linux takes (TCP_AO_MAXKEYLEN).
  private static final int MAX_OCTETS = 80;

  /// How segments are signed: the two of RFC 5926 §3.2, both with 96 bits.
  public enum Algorithm {
    HMAC_SHA_1_96("hmac(sha1)"),
    AES_128_CMAC_96("cmac(aes128)");

    private final String kernels;

    Algorithm(String kernels) {
      this.kernels = kernels;
    }

    /// What it is called in configurations, `hmac-sha-1-96`.
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// What Linux calls it.
    String kernels() {
      return kernels;
    }

    /// Why this kernel cannot sign so; empty if it can.
    public String whyNotHere() {
      return TcpAo.whyNotHere(this);
    }
  }

  public TcpAoKey {
    if (sendId < 0 || sendId > 255 || receiveId < 0 || receiveId > 255) {
      throw new IllegalArgumentException("identifiers of keys are 0 to 255 (RFC 5925 §3.1)");
    }
    int octets = secret.getBytes(StandardCharsets.UTF_8).length;
    if (octets < 1 || octets > MAX_OCTETS) {
      throw new IllegalArgumentException(
          "a key of TCP-AO has " + octets + " octets, Linux takes 1 to " + MAX_OCTETS);
    }
  }

  /// Whether both cannot be for one address: an identifier means one key (RFC 5925 §3.1).
  public boolean overlaps(TcpAoKey other) {
    return sendId == other.sendId || receiveId == other.receiveId;
  }

  /// Without the secret, which is in no log.
  @Override
  public String toString() {
    return "key " + sendId + "/" + receiveId + " " + algorithm.text();
  }
}
