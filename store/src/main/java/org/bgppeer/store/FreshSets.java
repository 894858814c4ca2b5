package org.bgppeer.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bgppeer.wire.AttributeSet;

/// Attribute sets that were not there before, in the order of their numbers, on their way to
/// whoever
/// writes them. Packed, because they wait there: as objects they would be most of what the garbage
/// collector moves while a table comes in.
final class FreshSets {
  private static final int FEW = 16;

  private byte[] octets = {};
  private int[] ends = {};
  private long[] ids = {};
  private long[] packets = {};
  private long[] times = {};
  private int size;

  /// @param set as [org.bgppeer.wire.Update#attributeSet] makes it
  /// @param at when it came
  /// @param packet in which it came
  void add(long id, byte[] set, long at, long packet) {
    if (size == ends.length) {
      int room = Math.max(FEW, size * 2);
      ends = Arrays.copyOf(ends, room);
      ids = Arrays.copyOf(ids, room);
      packets = Arrays.copyOf(packets, room);
      times = Arrays.copyOf(times, room);
    }
    int begin = octets();
    int end = begin + set.length;
    if (end > octets.length) {
      octets = Arrays.copyOf(octets, Math.max(end, octets.length * 2));
    }
    System.arraycopy(set, 0, octets, begin, set.length);
    ends[size] = end;
    ids[size] = id;
    packets[size] = packet;
    times[size++] = at;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /// How many octets they have.
  int octets() {
    return size == 0 ? 0 : ends[size - 1];
  }

  /// What is written of them. Whoever writes asks for it, for texts that wait take memory.
  List<AttributeSets.New> read() {
    var sets = new ArrayList<AttributeSets.New>(size);
    int begin = 0;
    for (int i = 0; i < size; i++) {
      byte[] set = Arrays.copyOfRange(octets, begin, ends[i]);
      var text = AttributeSet.decode(set);
      byte[] said = text.encodesTo(set) ? null : set;
      sets.add(new AttributeSets.New(ids[i], said, text, times[i], packets[i]));
      begin = ends[i];
    }
    return sets;
  }
}
