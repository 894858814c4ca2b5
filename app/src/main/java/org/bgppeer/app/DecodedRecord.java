package org.bgppeer.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.bgppeer.wire.AddressText;
import org.bgppeer.wire.AttributeType;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.DecodeTree;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Finding;
import org.bgppeer.wire.MrtError;
import org.bgppeer.wire.MrtRecord;
import org.bgppeer.wire.MrtTree;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.PeerIndex;
import org.jspecify.annotations.Nullable;

/// One message or record of `decode --format json`; `docs/decode.md` is about the fields.
final class DecodedRecord {
  private static final HexFormat HEX = HexFormat.of();

  private DecodedRecord() {}

  /// Adds what is told of a message wherever it came from.
  static void message(
      Octets octets,
      DecodeContext context,
      String why,
      @Nullable String problem,
      Map<String, @Nullable Object> record) {
    DecodeTree tree = DecodeTree.of(octets, context);
    record.put("type", tree.root().name());
    record.put("says", tree.root().value());
    record.put("length", octets.length());
    context(context, why, record);
    record.put("problem", problem);
    record.put("findings", tree.findings().stream().map(DecodedRecord::finding).toList());
    record.put("message", octets.toHex());
    record.put("parts", parts(tree, octets.toByteArray()));
  }

  /// An MRT record, whatever is in it. The offsets of its parts are from its beginning.
  ///
  /// @return the record, and what is wrong with it; null if nothing is
  static Map<String, @Nullable Object> of(
      byte[] array,
      int offset,
      int length,
      long number,
      long fileOffset,
      @Nullable PeerIndex peers) {
    DecodeTree tree = MrtTree.of(array, offset, length, peers, null);
    var record = new LinkedHashMap<String, @Nullable Object>();
    record.put("record", number);
    record.put("offset", fileOffset);
    record.put("mrt", tree.root().name());
    MrtRecord header = null;
    try {
      header = MrtRecord.of(array, offset, offset + length);
      record.put("time", header.at().toString());
      if (header.isMessage() || header.isStateChange()) {
        record.put("peer", AddressText.of(header.peerAddress()));
        record.put("peer_as", header.peerAs());
        record.put("local", AddressText.of(header.localAddress()));
        record.put("local_as", header.localAs());
      }
    } catch (MrtError e) {
      header = null; // the problem says so
    }
    String says = tree.root().value();
    if (header != null && header.isMessage()) {
      int comma = says.indexOf(", ");
      record.put("type", comma < 0 ? says : says.substring(0, comma));
      record.put("says", comma < 0 ? "" : says.substring(comma + 2));
      record.put("length", length);
      context(header.context(), "the record says so", record);
      record.put("message", HEX.formatHex(array, header.messageOffset(), offset + length));
    } else {
      record.put("type", tree.root().name().replaceFirst("^\\S+ ", ""));
      record.put("says", says);
      record.put("length", length);
    }
    record.put("problem", MrtRecord.problem(array, offset, length, peers));
    record.put("findings", tree.findings().stream().map(DecodedRecord::finding).toList());
    byte[] octets = Arrays.copyOfRange(array, offset, offset + length);
    record.put("parts", parts(tree, octets));
    return record;
  }

  private static void context(
      DecodeContext context, String why, Map<String, @Nullable Object> record) {
    record.put("as", context.as4() ? 4 : 2);
    record.put("as_why", why);
    record.put("ibgp", context.ibgp());
    record.put(
        "add_path", new TreeSet<>(context.addPath()).stream().map(Family::toString).toList());
  }

  private static Map<String, @Nullable Object> finding(Finding finding) {
    AttributeType attribute = finding.attribute();
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put("attribute", attribute == null ? null : attribute.name());
    fields.put("offset", finding.offset());
    fields.put("length", finding.octets().length());
    fields.put("octets", finding.octets().toHex());
    fields.put("handling", finding.handling().toString());
    fields.put("reason", finding.reason());
    fields.put("rule", finding.rule());
    return fields;
  }

  private static List<Map<String, Object>> parts(DecodeTree tree, byte[] octets) {
    var parts = new ArrayList<Map<String, Object>>();
    for (DecodeTree.Node part : tree.root().children()) {
      parts.add(node(part, octets));
    }
    return parts;
  }

  private static Map<String, Object> node(DecodeTree.Node node, byte[] octets) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("name", node.name());
    fields.put("value", node.value());
    fields.put("offset", node.offset());
    fields.put("length", node.length());
    String finding = node.finding();
    if (finding != null) {
      fields.put("finding", finding);
    }
    if (node.isLeaf()) {
      int end = node.offset() + node.length();
      fields.put("octets", HEX.formatHex(octets, node.offset(), end));
    } else {
      fields.put("parts", node.children().stream().map(part -> node(part, octets)).toList());
    }
    return fields;
  }
}
