package org.bgppeer.store;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A neighbor as the collector knows it now: who it is, where its session stands and why, what it
/// holds.
///
/// @param name unique; from the configuration, else made of its address
/// @param source `live`, or the name of the archive that it was imported from
/// @param localAddress our end of its sessions, if that tells it from others with its address and
///     AS; else empty
/// @param state of the session
/// @param since when `state` began
/// @param why in words, for people: why the session is where it is; empty if there is nothing to
///     say
/// @param session the current or last session; null if it never had one
/// @param families what it holds, a row per family that it ever sent; empty before
/// @param lastPacketAt when the last message of it came; null if none ever did
public record NeighborRow(
    long id,
    String name,
    String source,
    String address,
    long as,
    String localAddress,
    SessionState state,
    Instant since,
    String why,
    @Nullable SessionRow session,
    List<FamilyCount> families,
    @Nullable Instant lastPacketAt) {

  /// Where a session stands, as a person would say it.
  public enum SessionState {
    /// Established, and every family that it offered has ended its initial table.
    UP,
    /// Established; the initial table is still coming in.
    RECEIVING,
    /// Not established; we try.
    CONNECTING,
    /// Was established, ended.
    DOWN,
    /// Interrupted by our own restart: its routes are kept as stale until it is back.
    STALE,
    /// An archive: nothing more will come.
    IMPORTED
  }

  /// What one neighbor holds in one family.
  ///
  /// @param family for instance `ipv4-unicast`
  /// @param active routes that are active now, stale ones included
  /// @param stale of the active ones, those that it has not yet sent again since our restart
  /// @param inactive routes that we keep, with the reason that they are not active
  /// @param endOfRibAt when its initial table ended in this session; null if it has not
  public record FamilyCount(
      String family, long active, long stale, long inactive, @Nullable Instant endOfRibAt) {}

  /// Names in the order that people expect: numbers in them count as numbers, so 127.0.0.10 comes
  /// after 127.0.0.9.
  public static final Comparator<String> NAME_ORDER =
      ((Comparator<String>) NeighborRow::compareNames).thenComparing(Comparator.naturalOrder());

  private static final Pattern PIECE = Pattern.compile("[0-9]+|[^0-9]+");

  private static int compareNames(String a, String b) {
    List<String> piecesOfA = pieces(a);
    List<String> piecesOfB = pieces(b);
    for (int i = 0; i < Math.min(piecesOfA.size(), piecesOfB.size()); i++) {
      int order = comparePieces(piecesOfA.get(i), piecesOfB.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(piecesOfA.size(), piecesOfB.size());
  }

  private static List<String> pieces(String name) {
    return PIECE.matcher(name).results().map(MatchResult::group).toList();
  }

  private static int comparePieces(String a, String b) {
    return isNumber(a) && isNumber(b)
        ? new BigInteger(a).compareTo(new BigInteger(b))
        : a.compareTo(b);
  }

  private static boolean isNumber(String piece) {
    return piece.charAt(0) >= '0' && piece.charAt(0) <= '9';
  }

  /// Both ends of its sessions if it takes both to say which neighbor it is, else its address.
  public String ends() {
    return localAddress.isEmpty() ? address : address + " to " + localAddress;
  }

  /// All active routes of all families.
  public long active() {
    return families.stream().mapToLong(FamilyCount::active).sum();
  }

  /// All inactive routes of all families.
  public long inactive() {
    return families.stream().mapToLong(FamilyCount::inactive).sum();
  }
}
