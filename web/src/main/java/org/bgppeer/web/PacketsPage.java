package org.bgppeer.web;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.PacketList;
import org.bgppeer.store.PacketQuery;
import org.bgppeer.store.PacketRow;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// `/packets`: what was exactly sent, newest first; new ones are offered while one reads.
public final class PacketsPage {
  private static final int ROWS = 50;

  /// So many new packets are brought at once at most; with more the page says so.
  private static final int NEW = 100;

  PacketsPage(Site site) {
    site.page(
        "/packets",
        this::packets,
        "neighbor",
        "type",
        "prefix",
        "since",
        "until",
        "finding",
        "before",
        "after",
        "at");
  }

  /// The model of `packets.jte`.
  ///
  /// @param heading of the page
  /// @param looked how far the search got, if it ended before it had looked at everything
  /// @param self the address of the newest ones of this kind
  /// @param feed where newer ones can be had; null if the list is not of now
  /// @param newer the same as `self`; null if these are the newest
  /// @param next the address of the older ones; null if there are none
  public record Model(
      String heading,
      List<Row> rows,
      List<String> neighbors,
      Filter filter,
      @Nullable String feed,
      boolean more,
      PacketList.@Nullable Place looked,
      String self,
      @Nullable String newer,
      @Nullable String next,
      Instant now) {}

  /// What is asked for, as it goes back into the form.
  ///
  /// @param type in lower case; empty for any
  /// @param prefix empty for any
  /// @param any whether anything is asked for
  public record Filter(
      String neighbor,
      String type,
      String prefix,
      String since,
      String until,
      boolean finding,
      boolean any) {}

  /// One packet in the list.
  public record Row(PacketRow packet, PacketSummary summary) {}

  /// A packet in the data forms.
  ///
  /// @param id a number of up to 19 digits, as text: JSON's readers take a number for a double
  public record Data(
      String id,
      Instant at,
      String neighbor,
      boolean sent,
      String type,
      int length,
      String summary,
      @Nullable String finding,
      String context,
      Octets message) {

    static Data of(PacketRow packet, PacketSummary summary) {
      return new Data(
          Long.toString(packet.id()),
          packet.at(),
          packet.neighbor(),
          packet.sent(),
          summary.type(),
          packet.message().length(),
          summary.words(),
          packet.finding(),
          packet.context().toString(),
          packet.message());
    }
  }

  private static final List<String> TYPES =
      List.of("open", "update", "notification", "keepalive", "route-refresh");

  /// The types that can be asked for, in the order of their codes from 1.
  static String[] types() {
    return TYPES.toArray(String[]::new);
  }

  private Reply packets(Visit visit) {
    String neighbor = visit.text("neighbor");
    String type = visit.choice("type", "", types());
    Prefix prefix = visit.prefix("prefix");
    Instant since = visit.time("since");
    Instant given = visit.time("until");
    Instant at = visit.moment();
    Instant until = at == null || (given != null && given.isBefore(at)) ? given : at;
    boolean finding = visit.choice("finding", "", "1").equals("1");
    Long before = visit.number("before", 0, Long.MAX_VALUE);
    Long after = visit.number("after", 0, Long.MAX_VALUE);
    if (before != null && after != null) {
      throw Refusal.parameter("after", visit.text("after"), "left out where “before” is given");
    }
    int limit = after == null ? ROWS : NEW;
    PacketList list =
        visit
            .queries()
            .packetList(
                new PacketQuery(
                        neighbor,
                        type.isEmpty() ? null : TYPES.indexOf(type) + 1,
                        finding,
                        since,
                        until,
                        before,
                        after,
                        limit + 1)
                    .withPrefix(prefix));
    List<PacketRow> found = list.rows();
    PacketList.Place looked = list.looked();
    boolean more = found.size() > limit;
    List<PacketRow> page = more ? found.subList(0, limit) : found;
    if (after != null) {
      page = page.reversed();
    }
    var rows = new ArrayList<Row>();
    var data = new ArrayList<Data>();
    for (PacketRow packet : page) {
      PacketSummary summary = PacketSummary.of(packet);
      rows.add(new Row(packet, summary));
      data.add(Data.of(packet, summary));
    }
    String next =
        after != null || (!more && looked == null)
            ? null
            : visit.with(
                "before", Long.toString(looked == null ? page.getLast().id() : looked.id()));
    String newest =
        page.isEmpty()
            ? after == null ? "0" : Long.toString(after)
            : Long.toString(page.getFirst().id());
    boolean now = before == null && until == null;
    String heading =
        (finding
                ? "Packets with a finding"
                : type.isEmpty() ? "Packets" : type.toUpperCase(Locale.ROOT) + " packets")
            + (prefix == null ? "" : " that name " + prefix)
            + (neighbor == null ? "" : " of " + neighbor);
    return Reply.page(
            "packets",
            heading,
            "packets",
            new Model(
                heading,
                rows,
                visit.queries().neighbors().stream()
                    .map(NeighborRow::name)
                    .sorted(NeighborRow.NAME_ORDER)
                    .toList(),
                new Filter(
                    neighbor == null ? "" : neighbor,
                    type,
                    prefix == null ? "" : prefix.toString(),
                    since == null ? "" : Text.whole(since).replace(" UTC", ""),
                    given == null ? "" : Text.whole(given).replace(" UTC", ""),
                    finding,
                    neighbor != null
                        || !type.isEmpty()
                        || prefix != null
                        || since != null
                        || given != null
                        || finding),
                now ? visit.with("after", newest) : null,
                more,
                looked,
                visit.without("before", "after"),
                before == null && after == null ? null : visit.without("before", "after"),
                next,
                visit.shown()))
        .withData(data)
        .withNext(next);
  }
}
