package org.bgppeer.web;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.Prefix;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/// The data forms of a page: records as JSON and CSV.
///
/// Field names are those of the record in snake case (`neighbor_as`, `first_seen`), times ISO 8601
/// in UTC with microseconds, octets lower-case hex, states small words. CSV has the same fields in
/// the same order, RFC 4180, an empty cell for null; what is not a scalar stands there as JSON. A
/// text that a spreadsheet would take for a formula has a `'` before it: routers write some of
/// them. Numbers, prefixes, paths, communities and times never look like one, and are exact.
final class Tabular {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /// What a cell begins with that is a formula, or becomes one when it is trimmed (OWASP, "CSV
  /// Injection").
  private static final String FORMULA = "=+-@\t\r\n";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .changeDefaultVisibility(
              fields -> fields.withIsGetterVisibility(JsonAutoDetect.Visibility.NONE))
          .addModule(
              new SimpleModule()
                  .addSerializer(Instant.class, new AsText<>(Instant.class, MICROS::format))
                  .addSerializer(Octets.class, new AsText<>(Octets.class, Octets::toHex))
                  .addSerializer(Prefix.class, new AsText<>(Prefix.class, Prefix::toString))
                  .addSerializer(
                      DecodeContext.class,
                      new AsText<>(DecodeContext.class, DecodeContext::toString))
                  .addSerializer(
                      NeighborRow.SessionState.class,
                      new AsText<>(
                          NeighborRow.SessionState.class,
                          state -> state.name().toLowerCase(Locale.ROOT))))
          .build();

  private Tabular() {}

  /// One object or a list of them.
  static byte[] json(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /// A header line and a line for each; nothing at all for no rows.
  static String csv(List<?> rows) {
    return csv(rows, true);
  }

  /// The same, of rows that may follow others.
  ///
  /// @param header whether the header line comes first
  static String csv(List<?> rows, boolean header) {
    var out = new StringBuilder();
    for (Object row : rows) {
      JsonNode node = MAPPER.valueToTree(row);
      if (header && out.isEmpty()) {
        out.append(line(node.propertyNames().stream().toList()));
      }
      out.append(line(node.values().stream().map(Tabular::cell).toList()));
    }
    return out.toString();
  }

  private static String cell(JsonNode value) {
    return value.isNull()
        ? ""
        : value.isContainer()
            ? value.toString()
            : value.isString() ? harmless(value.asString()) : value.asString();
  }

  private static String harmless(String text) {
    return !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
  }

  private static String line(List<String> cells) {
    var line = new StringJoiner(",", "", "\r\n");
    for (String cell : cells) {
      boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
      line.add(plain ? cell : '"' + cell.replace("\"", "\"\"") + '"');
    }
    return line.toString();
  }

  /// Writes a value as the string that a function makes of it.
  private static final class AsText<T> extends StdSerializer<T> {
    private final java.util.function.Function<T, String> text;

    AsText(Class<T> type, java.util.function.Function<T, String> text) {
      super(type);
      this.text = text;
    }

    @Override
    public void serialize(T value, JsonGenerator out, SerializationContext context) {
      out.writeString(text.apply(value));
    }
  }
}
