package org.bgppeer.store;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import org.bgppeer.store.OriginIndex.Table;

/// The place of a row in the order of all.
record RouteKey(int neighborId, int family, byte[] prefixKey, long pathId) {
  static final Comparator<RouteKey> ORDER =
      Comparator.comparingInt(RouteKey::neighborId)
          .thenComparingInt(RouteKey::family)
          .thenComparing(RouteKey::prefixKey, Arrays::compareUnsigned)
          .thenComparingLong(RouteKey::pathId);

  Table table() {
    return new Table(neighborId, family);
  }

  static RouteKey parse(String text) {
    String[] parts = text.split("\\.", -1);
    try {
      return new RouteKey(
          Integer.parseInt(parts[0]),
          Integer.parseInt(parts[1]),
          HexFormat.of().parseHex(parts[2]),
          Long.parseLong(parts[3]));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException("after=" + text + " is not a key of a page", e);
    }
  }

  @Override
  public String toString() {
    return neighborId + "." + family + "." + HexFormat.of().formatHex(prefixKey) + "." + pathId;
  }
}
