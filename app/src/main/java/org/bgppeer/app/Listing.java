package org.bgppeer.app;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Rows on their way out, in the format that was asked for: each is written as it comes, so that a
/// list of a million routes needs no more memory than one of ten.
///
/// A table looks at its first [#ROWS_TO_MEASURE] rows to know how wide its columns are; a later
/// row that needs more pushes the rest of its own line to the right.
abstract sealed class Listing<T> implements AutoCloseable {
  private static final int ROWS_TO_MEASURE = 1000;

  /// What a listing can be written as.
  enum Format {
    /// Aligned columns for people.
    table,
    /// JSON lines: one object a row.
    json,
    /// RFC 4180 with a line of names.
    csv
  }

  /// Opens a listing.
  ///
  /// @param console where it goes; a table on a terminal is made to fit it, elsewhere nothing is
  ///     cut
  static <T> Listing<T> open(Format format, Columns<T> columns, Console console) {
    return switch (format) {
      case table -> new Table<>(columns, console);
      case json -> new JsonLines<>(columns, console.out());
      case csv -> new Csv<>(columns, console.out());
    };
  }

  /// Writes one row.
  ///
  /// @throws UncheckedIOException if nobody reads on, as `head` does
  abstract void row(T row);

  /// Writes what was held back, so that a reader sees all rows up to here.
  abstract void flush();

  @Override
  public void close() {
    flush();
  }

  private static final class Table<T> extends Listing<T> {
    private final List<Columns.Column<T>> columns;
    private final BufferedWriter out;
    private final boolean colour;
    private final int space;
    private final List<T> first = new ArrayList<>();
    private final int[] widths;
    private boolean measured;

    Table(Columns<T> columns, Console console) {
      this.columns = columns.columns();
      this.out = new BufferedWriter(console.out(), 1 << 16);
      this.colour = console.colour();
      this.space = console.width();
      this.widths = new int[this.columns.size()];
    }

    @Override
    void row(T row) {
      if (measured) {
        write(row);
        return;
      }
      first.add(row);
      if (first.size() == ROWS_TO_MEASURE) {
        measure();
      }
    }

    @Override
    void flush() {
      if (!measured && !first.isEmpty()) {
        measure();
      }
      try {
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void measure() {
      measured = true;
      for (int i = 0; i < widths.length; i++) {
        var column = columns.get(i);
        widths[i] = TextWidth.of(column.heading());
        for (T row : first) {
          widths[i] = Math.max(widths[i], TextWidth.of(text(column, row)));
        }
      }
      fit();
      line(null);
      first.forEach(this::write);
      first.clear();
    }

    /// On a terminal that is too narrow, takes what is missing from the elastic columns, the widest
    /// first.
    private void fit() {
      int missing = Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1) - space;
      while (space > 0 && missing > 0) {
        int widest = -1;
        for (int i = 0; i < widths.length; i++) {
          if (columns.get(i).elastic()
              && widths[i] > NARROWEST
              && (widest < 0 || widths[i] > widths[widest])) {
            widest = i;
          }
        }
        if (widest < 0) {
          return;
        }
        widths[widest]--;
        missing--;
      }
    }

    private void write(T row) {
      line(row);
    }

    /// One line; the headings if there is no row.
    private void line(@Nullable T row) {
      var line = new StringBuilder();
      int debt = 0;
      for (int i = 0; i < widths.length; i++) {
        var column = columns.get(i);
        String text = row == null ? column.heading() : text(column, row);
        if (space > 0 && column.elastic()) {
          text = TextWidth.cut(text, widths[i]);
        }
        int pad = widths[i] - TextWidth.of(text) - debt;
        debt = Math.max(0, -pad);
        String blanks = " ".repeat(Math.max(0, pad));
        String tone = row == null ? FAINT : code(column.tone().apply(row));
        String painted = colour && !tone.isEmpty() ? tone + text + "\u001b[0m" : text;
        boolean last = i == widths.length - 1;
        line.append(column.right() ? blanks + painted : last ? painted : painted + blanks);
        if (!last) {
          line.append(GAP);
        }
      }
      try {
        out.write(line.toString().stripTrailing());
        out.write('\n');
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static final int NARROWEST = 16;
    private static final String GAP = "  ";
    private static final String FAINT = "\u001b[2m";

    private static String code(Columns.Tone tone) {
      return switch (tone) {
        case PLAIN -> "";
        case GOOD -> "\u001b[32m";
        case BAD -> "\u001b[31m";
        case WAITING -> "\u001b[36m";
        case FAINT -> FAINT;
      };
    }

    private static <T> String text(Columns.Column<T> column, T row) {
      return TextWidth.safe(column.text().apply(row));
    }
  }

  private static final class JsonLines<T> extends Listing<T> {
    private final List<Columns.Field<T>> fields;
    private final BufferedWriter out;
    private final JsonGenerator json;

    JsonLines(Columns<T> columns, Writer out) {
      this.fields = columns.fields();
      this.out = new BufferedWriter(out, 1 << 16);
      this.json =
          JsonFactory.builder()
              .rootValueSeparator("")
              .build()
              .createGenerator(ObjectWriteContext.empty(), this.out);
    }

    @Override
    void row(T row) {
      json.writeStartObject();
      for (var field : fields) {
        json.writeName(field.name());
        value(field.value().apply(row));
      }
      json.writeEndObject();
      json.writeRaw('\n');
    }

    private void value(@Nullable Object value) {
      switch (value) {
        case null -> json.writeNull();
        case Boolean b -> json.writeBoolean(b);
        case Integer i -> json.writeNumber(i);
        case Long l -> json.writeNumber(l);
        case Double d -> json.writeNumber(d);
        case Instant at -> json.writeString(Moment.iso(at));
        case Map<?, ?> map -> {
          json.writeStartObject();
          map.forEach(
              (name, inner) -> {
                json.writeName(String.valueOf(name));
                value(inner);
              });
          json.writeEndObject();
        }
        default -> json.writeString(value.toString());
      }
    }

    @Override
    void flush() {
      json.flush();
    }
  }

  private static final class Csv<T> extends Listing<T> {
    private final List<Columns.Field<T>> fields;
    private final BufferedWriter out;

    Csv(Columns<T> columns, Writer out) {
      this.fields = columns.fields();
      this.out = new BufferedWriter(out, 1 << 16);
      write(fields.stream().map(Columns.Field::name).collect(Collectors.joining(",")));
    }

    @Override
    void row(T row) {
      var line = new StringBuilder();
      for (int i = 0; i < fields.size(); i++) {
        line.append(i == 0 ? "" : ",").append(quoted(text(fields.get(i).value().apply(row))));
      }
      write(line.toString());
    }

    private static String text(@Nullable Object value) {
      return switch (value) {
        case null -> "";
        case Instant at -> Moment.iso(at);
        case Map<?, ?> map ->
            map.entrySet().stream().map(String::valueOf).collect(Collectors.joining(" "));
        default -> value.toString();
      };
    }

    private static String quoted(String text) {
      return text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
          ? '"' + text.replace("\"", "\"\"") + '"'
          : text;
    }

    private void write(String line) {
      try {
        out.write(line);
        out.write('\n');
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    void flush() {
      try {
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
