package org.bgppeer.store;

import java.time.Instant;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// Which packets to list, newest first unless `after` is given. Null means any.
///
/// @param type the message type code
/// @param findings true for those with a finding only
/// @param since, until received in this time, both inclusive
/// @param before only packets with a smaller id: the next page
/// @param after only packets with a greater id, oldest first: what came since
/// @param prefix only UPDATEs that announce or withdraw exactly this one, in whatever family
/// @param patient true to look through all of the journal, however long it takes; false to end
///     after some seconds with what was found
public record PacketQuery(
    @Nullable String neighbor,
    @Nullable Integer type,
    boolean findings,
    @Nullable Instant since,
    @Nullable Instant until,
    @Nullable Long before,
    @Nullable Long after,
    int limit,
    @Nullable Prefix prefix,
    boolean patient) {

  /// Of any prefix, and for somebody who waits.
  public PacketQuery(
      @Nullable String neighbor,
      @Nullable Integer type,
      boolean findings,
      @Nullable Instant since,
      @Nullable Instant until,
      @Nullable Long before,
      @Nullable Long after,
      int limit) {
    this(neighbor, type, findings, since, until, before, after, limit, null, false);
  }

  /// The same for UPDATEs of one prefix; null for any.
  public PacketQuery withPrefix(@Nullable Prefix wanted) {
    return new PacketQuery(
        neighbor, type, findings, since, until, before, after, limit, wanted, patient);
  }

  /// The same, however long it takes.
  public PacketQuery patiently() {
    return new PacketQuery(
        neighbor, type, findings, since, until, before, after, limit, prefix, true);
  }
}
