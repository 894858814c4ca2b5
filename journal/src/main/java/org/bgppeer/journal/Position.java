package org.bgppeer.journal;

/// A place in the journal: where a record begins, or where the last one ended. What a follower
/// stores beside its rows; the order of positions is the order of records.
///
/// @param segment name of the segment's file without directory and without `.gz`, such as
///     `updates.20261123.2335`; empty only in [#BEGINNING]
/// @param offset octets into the uncompressed segment, from 0
public record Position(String segment, long offset) implements Comparable<Position> {
  /// Before the oldest record that there is, whichever that is.
  public static final Position BEGINNING = new Position("", 0);

  public Position {
    if (offset < 0) {
      throw new IllegalArgumentException("offset " + offset + " is negative");
    }
  }

  @Override
  public int compareTo(Position other) {
    int bySegment = segment.compareTo(other.segment); // names sort by time
    return bySegment != 0 ? bySegment : Long.compare(offset, other.offset);
  }

  /// `updates.20261123.2335:4711`
  @Override
  public String toString() {
    return segment + ":" + offset;
  }
}
