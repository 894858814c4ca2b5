package org.bgppeer.app;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.bgppeer.wire.AttributeType;
import org.bgppeer.wire.ContextGuess;
import org.bgppeer.wire.DecodeTree;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Finding;
import org.bgppeer.wire.HexInput.HexMessage;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.SeedFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// One message of `decode` as one line; `docs/decode.md` is about its fields.
final class DecodedRecord {
  private static final JsonMapper JSON = JsonMapper.shared();

  private DecodedRecord() {}

  static void write(DecodeCommand.Format format, HexMessage message, ContextGuess guess, Writer out)
      throws IOException {
    out.write(
        switch (format) {
          case json -> JSON.writeValueAsString(json(message, guess));
          case seed -> JSON.writeValueAsString(SeedFormat.of(message.octets(), guess.context()));
          case python -> SeedFormat.python(SeedFormat.of(message.octets(), guess.context()));
        });
    out.write('\n');
  }

  private static Map<String, @Nullable Object> json(HexMessage message, ContextGuess guess) {
    Octets octets = message.octets();
    DecodeTree tree = DecodeTree.of(octets, guess.context());
    var record = new LinkedHashMap<String, @Nullable Object>();
    record.put("line", message.line());
    record.put("column", message.column());
    record.put("type", tree.root().name());
    record.put("says", tree.root().value());
    record.put("length", octets.length());
    record.put("as", guess.context().as4() ? 4 : 2);
    record.put("as_why", guess.why());
    record.put("ibgp", guess.context().ibgp());
    record.put(
        "add_path",
        new TreeSet<>(guess.context().addPath()).stream().map(Family::toString).toList());
    record.put("problem", message.problem());
    record.put("findings", tree.findings().stream().map(DecodedRecord::finding).toList());
    record.put("message", octets.toHex());
    byte[] array = octets.toByteArray();
    List<Map<String, Object>> parts = new ArrayList<>();
    for (DecodeTree.Node part : tree.root().children()) {
      parts.add(node(part, array));
    }
    record.put("parts", parts);
    return record;
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

  private static Map<String, Object> node(DecodeTree.Node node, byte[] message) {
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
      fields.put("octets", HexFormat.of().formatHex(message, node.offset(), end));
    } else {
      fields.put("parts", node.children().stream().map(part -> node(part, message)).toList());
    }
    return fields;
  }
}
