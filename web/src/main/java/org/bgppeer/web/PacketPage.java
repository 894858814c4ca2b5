package org.bgppeer.web;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.bgppeer.store.PacketQuery;
import org.bgppeer.store.PacketRow;
import org.bgppeer.wire.DecodeTree;
import org.bgppeer.wire.Finding;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;

/// `/packet/212480093`: one packet, its octets beside their meaning. Each octet is a link to the
/// line of the tree that says what it means.
public final class PacketPage {
  private static final int ROW = 16;

  /// So many prefixes are named above; all of them stand in the tree.
  private static final int NAMED = 8;

  /// How far away the previous and the next packet of the neighbor are looked for: a session that
  /// is up has a KEEPALIVE in far less, and a search without a bound would read the whole journal.
  private static final Duration NEAR = Duration.ofMinutes(30);

  PacketPage(Site site) {
    site.page("/packet/{id}", this::packet, "at");
    site.page("/packet/{id}/bin", this::binary);
    site.page("/packet/{id}/hex", this::hex);
  }

  /// The model of `packet.jte`.
  ///
  /// @param findings what RFC 7606 has to say, a sentence each
  /// @param effects what it did to routes
  /// @param previous, next packets of the same neighbor; null if there is none near
  public record Model(
      PacketRow packet,
      PacketSummary summary,
      List<Said> findings,
      Decoded decoded,
      PacketEffects effects,
      @Nullable Long previous,
      @Nullable Long next,
      Instant now) {}

  /// The octets of a message and what they mean.
  ///
  /// @param findings what is wrong with it, a sentence each
  /// @param target the line of the tree with the first finding; null if there is none
  /// @param prefixes the first ones that it names
  /// @param prefixCount how many there are
  public record Decoded(
      List<Said> findings,
      @Nullable String target,
      List<String> prefixes,
      int prefixCount,
      List<HexRow> hex,
      Line tree) {}

  /// Lays a message out.
  ///
  /// @param before goes before the name of each line, so that several messages fit one page
  static Decoded decoded(Octets message, DecodeTree tree, String before) {
    Set<String> prefixes = new LinkedHashSet<>();
    prefixes(tree.root(), prefixes);
    String target = target(tree.root());
    return new Decoded(
        tree.findings().stream().map(PacketPage::said).toList(),
        target == null ? null : before + target,
        prefixes.stream().limit(NAMED).toList(),
        prefixes.size(),
        hex(message, tree.leaves(), before),
        line(tree.root(), 0, before));
  }

  /// A finding: what is wrong, and what is done about it.
  public record Said(String wrong, String done) {}

  /// Up to 16 octets.
  ///
  /// @param offset of the first one, in hex
  /// @param text the same octets as characters
  public record HexRow(String offset, List<Run> runs, String text) {}

  /// Octets of one row that are of the same line of the tree.
  ///
  /// @param gap what stands before it
  public record Run(String gap, String id, String octets, boolean bad) {}

  /// A line of the tree.
  ///
  /// @param prefix the prefix that it names; null if it names none
  /// @param span its octets, in hex
  public record Line(
      String id,
      String name,
      String value,
      @Nullable String prefix,
      String span,
      @Nullable String finding,
      boolean bad,
      boolean open,
      List<Line> children) {}

  /// The packet in the data form: the row of the list, the whole tree, and what it did to routes.
  public record Data(
      PacketsPage.Data packet,
      String segment,
      long offset,
      DecodeTree.Node tree,
      List<PacketEffects.Data> routes) {}

  private static PacketRow asked(Visit visit) {
    String text = visit.part("id");
    Optional<PacketRow> packet = Optional.empty();
    if (!text.isEmpty() && text.length() < 19 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      packet = visit.queries().packet(Long.parseLong(text));
    }
    return packet.orElseThrow(
        () ->
            new Refusal(
                404,
                "No such packet",
                "There is no packet " + text,
                "It may be older than what is kept, or the number is wrong.",
                "",
                List.of(new Refusal.Suggestion("/packets", "Packets", "the newest ones"))));
  }

  /// The data form alone.
  static Data data(Visit visit) {
    PacketRow packet = asked(visit);
    DecodeTree tree = DecodeTree.of(packet.message(), packet.context());
    return data(packet, PacketSummary.of(packet), tree, effects(visit, packet, tree));
  }

  private static Data data(
      PacketRow packet, PacketSummary summary, DecodeTree tree, PacketEffects effects) {
    return new Data(
        PacketsPage.Data.of(packet, summary),
        packet.segment(),
        packet.offset(),
        tree.root(),
        effects.data());
  }

  private static PacketEffects effects(Visit visit, PacketRow packet, DecodeTree tree) {
    Set<String> prefixes = new LinkedHashSet<>();
    prefixes(tree.root(), prefixes);
    return PacketEffects.of(visit.queries(), packet, prefixes, visit.shown());
  }

  private Reply packet(Visit visit) {
    PacketRow packet = asked(visit);
    DecodeTree tree = DecodeTree.of(packet.message(), packet.context());
    PacketSummary summary = PacketSummary.of(packet);
    var decoded = decoded(packet.message(), tree, "");
    PacketEffects effects = effects(visit, packet, tree);
    var findings = new ArrayList<>(decoded.findings);
    if (findings.isEmpty() && packet.finding() != null) {
      packet.finding().lines().forEach(line -> findings.add(new Said(Text.sentence(line), "")));
    }
    List<PacketRow> older =
        visit
            .queries()
            .packets(
                new PacketQuery(
                    packet.neighbor(),
                    null,
                    false,
                    packet.at().minus(NEAR),
                    null,
                    packet.id(),
                    null,
                    1));
    List<PacketRow> newer =
        visit
            .queries()
            .packets(
                new PacketQuery(
                    packet.neighbor(),
                    null,
                    false,
                    null,
                    packet.at().plus(NEAR),
                    null,
                    packet.id(),
                    1));
    return Reply.page(
            "packet",
            summary.type() + " of " + packet.neighbor(),
            "packets",
            new Model(
                packet,
                summary,
                findings,
                decoded,
                effects,
                older.isEmpty() ? null : older.getFirst().id(),
                newer.isEmpty() ? null : newer.getFirst().id(),
                visit.shown()))
        .withData(data(packet, summary, tree, effects));
  }

  private Reply binary(Visit visit) {
    PacketRow packet = asked(visit);
    return new Reply.Raw(
        "application/octet-stream", "packet-" + packet.id() + ".bin", packet.message());
  }

  /// The octets as one line of hex: what `bgp-peer decode` reads.
  private Reply hex(Visit visit) {
    PacketRow packet = asked(visit);
    byte[] text =
        (packet.message().toHex() + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    return new Reply.Raw(
        "text/plain; charset=us-ascii", "packet-" + packet.id() + ".hex", Octets.of(text));
  }

  private static Said said(Finding finding) {
    String what = finding.attribute() == null ? "" : finding.attribute() + ": ";
    String wrong = Text.sentence(what + finding.reason());
    String done =
        switch (finding.handling()) {
          case NONE -> "It has no consequence.";
          case ATTRIBUTE_DISCARD ->
              finding.rule() + " says to leave the attribute out and keep the routes.";
          case TREAT_AS_WITHDRAW ->
              finding.rule() + " says to treat the routes as withdrawn and keep the session.";
          case AFI_SAFI_DISABLE -> finding.rule() + " says to ignore this family from here on.";
          case SESSION_RESET -> finding.rule() + " says to close the session.";
        };
    return new Said(wrong, done);
  }

  /// The lines that name a prefix are called so by the decoder.
  private static @Nullable String prefixOf(DecodeTree.Node node) {
    if (node.name().equals("route") && node.finding() == null) {
      return node.value().indexOf(' ') < 0 ? null : node.value();
    }
    if (!node.name().equals("prefix") || node.finding() != null) {
      return null;
    }
    try {
      return Prefix.parse(node.value()).toString();
    } catch (IllegalArgumentException e) {
      return null; // a prefix with a path identifier: its own line is below
    }
  }

  private static void prefixes(DecodeTree.Node node, Set<String> prefixes) {
    String prefix = prefixOf(node);
    if (prefix != null) {
      prefixes.add(prefix);
    }
    node.children().forEach(child -> prefixes(child, prefixes));
  }

  /// The deepest first line with a finding.
  private static @Nullable String target(DecodeTree.Node node) {
    for (DecodeTree.Node child : node.children()) {
      String found = target(child);
      if (found != null) {
        return found;
      }
    }
    return node.finding() == null ? null : node.id();
  }

  private static boolean spoiled(DecodeTree.Node node) {
    return node.finding() != null || node.children().stream().anyMatch(PacketPage::spoiled);
  }

  private static Line line(DecodeTree.Node node, int depth, String before) {
    boolean bad = node.finding() != null;
    return new Line(
        before + node.id(),
        node.name(),
        node.value(),
        prefixOf(node),
        span(node),
        node.finding(),
        bad,
        depth < 2 || spoiled(node) || node.name().endsWith("Routes"),
        node.children().stream().map(child -> line(child, depth + 1, before)).toList());
  }

  private static String span(DecodeTree.Node node) {
    if (node.length() == 0) {
      return "";
    }
    String first = String.format(Locale.ROOT, "%04x", node.offset());
    return node.length() == 1
        ? first
        : first + "–" + String.format(Locale.ROOT, "%04x", node.offset() + node.length() - 1);
  }

  private static List<HexRow> hex(Octets message, List<DecodeTree.Node> leaves, String before) {
    var rows = new ArrayList<HexRow>();
    byte[] octets = message.toByteArray();
    int leaf = 0;
    for (int start = 0; start < octets.length; start += ROW) {
      int end = Math.min(octets.length, start + ROW);
      var runs = new ArrayList<Run>();
      var text = new StringBuilder();
      int at = start;
      while (at < end) {
        while (leaves.get(leaf).offset() + leaves.get(leaf).length() <= at) {
          leaf++;
        }
        DecodeTree.Node node = leaves.get(leaf);
        int to = Math.min(end, node.offset() + node.length());
        var run = new StringBuilder();
        for (int i = at; i < to; i++) {
          if (i > at) {
            run.append(i - start == ROW / 2 ? "  " : " ");
          }
          run.append(String.format(Locale.ROOT, "%02x", octets[i]));
          text.append(octets[i] >= 0x20 && octets[i] < 0x7f ? (char) octets[i] : '·');
        }
        String gap = at == start ? "" : at - start == ROW / 2 ? "  " : " ";
        runs.add(new Run(gap, before + node.id(), run.toString(), node.finding() != null));
        at = to;
      }
      rows.add(new HexRow(String.format(Locale.ROOT, "%04x", start), runs, text.toString()));
    }
    return rows;
  }
}
