package org.bgppeer.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bgppeer.wire.ContextGuess;
import org.bgppeer.wire.DecodeTree;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.HexInput;
import org.bgppeer.wire.HexInput.HexMessage;
import org.bgppeer.wire.HexInput.NotHex;
import org.bgppeer.wire.Octets;
import org.jspecify.annotations.Nullable;

/// `/decode`: hex that somebody pastes, each message as bytes beside their meaning. A short text
/// stands in the address, to share what one sees; a long one is posted.
public final class DecodePage {
  /// So many messages are shown; the command decodes any number.
  private static final int MOST = 50;

  /// An address with a longer text would be refused by some program on its way.
  private static final int SHAREABLE = 4_000;

  private static final Set<Family> ALL_ADD_PATH =
      Set.of(
          Family.IPV4_UNICAST,
          Family.IPV6_UNICAST,
          Family.IPV4_MULTICAST,
          Family.IPV6_MULTICAST,
          Family.of(1, 4), // labelled unicast
          Family.of(2, 4),
          Family.of(1, 128), // L3VPN
          Family.of(2, 128));

  /// A line of a dump: `0010  ff ff ff ff ff ff ff ff  ff ff ff ff ff ff ff ff  ........`.
  private static final Pattern DUMP =
      Pattern.compile(
          "\\s*(?:0x)?([0-9a-fA-F]{3,8}):?\\s+((?:[0-9a-fA-F]{2} {0,2}){1,16}|(?:[0-9a-fA-F]{4}"
              + " ?){1,8})(?:\\s.*)?");

  DecodePage(Site site) {
    site.page("/decode", DecodePage::decode, "hex", "as", "paths");
    site.form("/decode", DecodePage::decode, "hex", "as", "paths");
  }

  /// The model of `decode.jte`.
  ///
  /// @param text as it was given
  /// @param as size of AS numbers: `4`, `2`, or empty to find out
  /// @param paths whether routes have path identifiers
  /// @param problem why the text is no message; null if it is, or if there is none
  /// @param left messages that are not shown
  /// @param share the address of this page; null if it would be too long
  public record Model(
      String text,
      String as,
      boolean paths,
      List<Message> messages,
      @Nullable String problem,
      int left,
      @Nullable String share) {}

  /// One message.
  ///
  /// @param problem why it is not whole; null if it is
  /// @param context how it was read, and why so
  public record Message(
      int number,
      int length,
      PacketSummary summary,
      @Nullable String problem,
      String context,
      PacketPage.Decoded decoded) {}

  /// The data form of a message.
  public record Data(String type, String says, String context, DecodeTree.Node tree) {}

  /// The data form.
  public record Decoding(List<Data> messages, @Nullable String problem) {}

  private static Reply decode(Visit visit) {
    String text = Objects.requireNonNullElse(visit.text("hex"), "");
    Long as = visit.number("as", 2, 4);
    if (as != null && as == 3) {
      throw Refusal.parameter("as", "3", "4 or 2, the octets of an AS number");
    }
    boolean paths = visit.text("paths") != null;
    var messages = new ArrayList<Message>();
    var data = new ArrayList<Data>();
    String problem = null;
    int left = 0;
    try {
      List<HexMessage> found = messages(text);
      left = Math.max(0, found.size() - MOST);
      for (HexMessage each : found.subList(0, found.size() - left)) {
        if (!each.hasHeader()) {
          problem = "Line %d: %s.".formatted(each.line(), each.problem());
          break;
        }
        Octets octets = each.octets();
        Set<Family> addPath = paths ? ALL_ADD_PATH : Set.of();
        var guess =
            as == null
                ? ContextGuess.of(octets, addPath)
                : ContextGuess.given(octets, as == 4, addPath);
        var tree = DecodeTree.of(octets, guess.context());
        var summary = PacketSummary.of(octets, guess.context(), null);
        int number = messages.size() + 1;
        messages.add(
            new Message(
                number,
                octets.length(),
                summary,
                each.problem() == null ? null : Text.sentence(each.problem()),
                guess.context() + ": " + guess.why(),
                PacketPage.decoded(octets, tree, "m" + number + ".")));
        data.add(
            new Data(summary.type(), summary.words(), guess.context().toString(), tree.root()));
      }
    } catch (NotHex e) {
      problem = "Line %d, column %d: %s.".formatted(e.line(), e.column(), e.getMessage());
    }
    String share = text.isEmpty() || text.length() > SHAREABLE ? null : visit.with("hex", text);
    var page =
        Reply.page(
            "decode",
            "Decode",
            "packets",
            new Model(
                text, as == null ? "" : as.toString(), paths, messages, problem, left, share));
    return share == null ? page : page.withData(new Decoding(data, problem));
  }

  /// The messages of a text: a line each, or all of it one stream if the lines alone are none, or
  /// the bytes of a dump.
  private static List<HexMessage> messages(String text) throws NotHex {
    List<String> lines = text.lines().toList();
    var dump = new StringBuilder();
    for (String line : lines) {
      Matcher matcher = DUMP.matcher(line);
      if (matcher.matches() && Integer.parseUnsignedInt(matcher.group(1), 16) == octets(dump)) {
        dump.append(matcher.group(2).replace(" ", ""));
      } else if (!line.isBlank()) {
        dump.setLength(0);
        break;
      }
    }
    if (!dump.isEmpty()) {
      return HexInput.parse(1, dump.toString());
    }
    var found = new ArrayList<HexMessage>();
    var all = new StringBuilder();
    int number = 0;
    for (String line : lines) {
      String plain = line.replaceAll("0[xX]|[,:]", "");
      found.addAll(HexInput.parse(++number, plain));
      all.append(plain.replaceAll("#.*", ""));
    }
    if (number > 1 && found.stream().anyMatch(each -> each.problem() != null)) {
      var stream = HexInput.parse(1, all.toString());
      return stream.stream().allMatch(each -> each.problem() == null) ? stream : found;
    }
    return found;
  }

  private static int octets(CharSequence hex) {
    return hex.length() / 2;
  }
}
