package org.bgppeer.app;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a listing shows of each row: the fields of `json` and `csv`, whose names are a contract,
/// and the columns of `table`, which are for people and may change.
final class Columns<T> {
  /// A field of `json` and `csv`.
  ///
  /// @param name in `snake_case`
  /// @param value text, a number, a boolean, an [java.time.Instant], a map of those, or null
  record Field<T>(String name, Function<T, @Nullable Object> value) {}

  /// A column of `table`.
  ///
  /// @param right whether it is aligned right, as numbers are
  /// @param elastic whether it may be cut to fit a terminal
  /// @param tone how its text is coloured on a terminal
  record Column<T>(
      String heading,
      boolean right,
      boolean elastic,
      Function<T, String> text,
      Function<T, Tone> tone) {}

  /// How a text is coloured: what it says of a state.
  enum Tone {
    PLAIN,
    GOOD,
    BAD,
    WAITING,
    FAINT
  }

  private final List<Field<T>> fields = new ArrayList<>();
  private final List<Column<T>> columns = new ArrayList<>();

  Columns<T> field(String name, Function<T, @Nullable Object> value) {
    fields.add(new Field<>(name, value));
    return this;
  }

  /// A column of text.
  Columns<T> column(String heading, Function<T, String> text) {
    return column(heading, text, _ -> Tone.PLAIN);
  }

  /// A column that says a state.
  Columns<T> column(String heading, Function<T, String> text, Function<T, Tone> tone) {
    columns.add(new Column<>(heading, false, false, text, tone));
    return this;
  }

  /// A column of long text, whose end may be missing on a narrow terminal.
  Columns<T> elastic(String heading, Function<T, String> text) {
    columns.add(new Column<>(heading, false, true, text, _ -> Tone.PLAIN));
    return this;
  }

  /// A column of numbers.
  Columns<T> number(String heading, Function<T, String> text) {
    columns.add(new Column<>(heading, true, false, text, _ -> Tone.PLAIN));
    return this;
  }

  List<Field<T>> fields() {
    return fields;
  }

  List<Column<T>> columns() {
    return columns;
  }
}
