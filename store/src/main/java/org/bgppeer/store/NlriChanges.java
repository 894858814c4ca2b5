package org.bgppeer.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// [RouteChanges] of a family whose routes are not just prefixes: keys of any length, each with its
/// text and with what the NLRI says beside the key.
final class NlriChanges extends RouteChanges {
  private static final int SORTED_OCTETS = 16;

  private final byte[] begin = new byte[SORTED_OCTETS + 1];
  private final List<byte[]> keys = new ArrayList<>();
  private final List<@Nullable String> texts = new ArrayList<>();
  private final List<@Nullable String> details = new ArrayList<>();
  private final List<byte @Nullable []> octets = new ArrayList<>();

  NlriChanges(int neighborId, int family, int generation, boolean addPath) {
    super(neighborId, family, generation, SORTED_OCTETS + 1, addPath);
  }

  /// Adds a change to the newest block.
  ///
  /// @param key any number of octets; not to be changed any more
  /// @param path its path identifier; ignored if the session has none
  /// @param text of the key; null in a withdrawal
  /// @param detail null if there are none
  /// @param nlri as it came, without path identifier; null in a withdrawal
  void add(
      byte[] key,
      long path,
      @Nullable String text,
      @Nullable String detail,
      byte @Nullable [] nlri) {
    Arrays.fill(begin, (byte) 0);
    System.arraycopy(key, 0, begin, 0, Math.min(key.length, SORTED_OCTETS));
    add(begin, path);
    keys.add(key);
    texts.add(text);
    details.add(detail);
    octets.add(nlri);
  }

  @Override
  int spill(Scratch scratch) {
    return 0;
  }

  @Override
  int compareKeys(int a, int b) {
    int result = Arrays.compareUnsigned(keys.get(a), keys.get(b));
    return result == 0 ? comparePaths(a, b) : result;
  }

  @Override
  byte[] key(int sorted) {
    return keys.get(arrival(sorted));
  }

  @Nullable String text(int sorted) {
    return texts.get(arrival(sorted));
  }

  @Nullable String details(int sorted) {
    return details.get(arrival(sorted));
  }

  byte @Nullable [] octets(int sorted) {
    return octets.get(arrival(sorted));
  }
}
