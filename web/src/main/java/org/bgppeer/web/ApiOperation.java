package org.bgppeer.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One operation of the API: what [Site] serves at an address, and what [OpenApi] and the page
/// `/api` say of it. All of them are `GET`.
///
/// @param path as Javalin has it: `/api/v1/neighbors/{name}`
/// @param item the record that it answers with, or that each row of its answer is
/// @param one answers with one object; null if it is a list
/// @param list answers with rows, a page at a time; null if it is one object
record ApiOperation(
    String path,
    String summary,
    Class<? extends Record> item,
    @Nullable Function<Visit, Record> one,
    @Nullable Function<Visit, Rows> list,
    List<Parameter> parameters) {

  /// A parameter of an operation; part of the path if its name stands there.
  ///
  /// @param type in JSON: `string`, `integer`, `boolean`
  /// @param allowed the only values that there are; empty for any
  /// @param example null if the words say enough
  record Parameter(
      String name, String type, String words, List<String> allowed, @Nullable String example) {

    static Parameter text(String name, String words, @Nullable String example) {
      return new Parameter(name, "string", words, List.of(), example);
    }

    static Parameter number(String name, String words, @Nullable String example) {
      return new Parameter(name, "integer", words, List.of(), example);
    }

    static Parameter choice(String name, String words, String... allowed) {
      return new Parameter(name, "string", words, List.of(allowed), null);
    }
  }

  /// Reads rows, by the key of the last one that was read.
  interface Rows {
    /// @param after what [Page#next] of the page before said; null for the first page
    /// @param limit rows that the page may have, at least 1
    Page page(@Nullable String after, int limit);
  }

  /// Some rows.
  ///
  /// @param next the key of what follows; null if nothing does
  record Page(List<? extends Record> rows, @Nullable String next) {}

  /// What every list has beside its own.
  static final List<Parameter> OF_LISTS =
      List.of(
          Parameter.number(
              "limit",
              "rows of the answer, 0 for all of them, streamed as they are read; 100 if left out",
              null),
          Parameter.text("after", "“next” of the page before", null),
          Parameter.choice(
              "format",
              "json is one object with “data” and “next”, jsonl a line for each row, csv as in RFC"
                  + " 4180 with a header; an Accept header says the same",
              "json",
              "jsonl",
              "csv"));

  /// An operation that answers with one object.
  static ApiOperation one(
      String path,
      String summary,
      Class<? extends Record> item,
      Function<Visit, Record> answer,
      Parameter... parameters) {
    return new ApiOperation(path, summary, item, answer, null, List.of(parameters));
  }

  /// An operation that answers with rows; it has the parameters `limit`, `after` and `format` too.
  static ApiOperation list(
      String path,
      String summary,
      Class<? extends Record> item,
      Function<Visit, Rows> answer,
      Parameter... parameters) {
    var all = new ArrayList<>(List.of(parameters));
    all.addAll(OF_LISTS);
    return new ApiOperation(path, summary, item, null, answer, List.copyOf(all));
  }

  /// Whether a parameter is a part of the path.
  boolean inPath(Parameter parameter) {
    return path.contains("{" + parameter.name() + "}");
  }

  /// What the query may have.
  Set<String> allowed() {
    return parameters.stream()
        .filter(parameter -> !inPath(parameter))
        .map(Parameter::name)
        .collect(Collectors.toSet());
  }
}
