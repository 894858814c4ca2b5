package org.bgppeer.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request that gets an error page and not what it asked for. Thrown by the answer of any page;
/// [Site] makes the page (or the JSON object) of it.
///
/// It has no stack trace: a stranger may cause as many as he likes.
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// A right thing near the wrong one.
  ///
  /// @param href where it leads
  /// @param text what it is, for instance a prefix
  /// @param words what is known of it; may be empty
  record Suggestion(String href, String text, String words) {}

  final int status;
  final String kind;
  final String title;
  final String lead;
  final String query;
  final transient List<Suggestion> suggestions;

  /// @param status 400, 404 or 503
  /// @param kind what is wrong in two or three words: `Not a prefix`
  /// @param title the same as a sentence
  /// @param lead what was asked for, and what would be right
  /// @param query for the search field of the page; may be empty
  Refusal(
      int status,
      String kind,
      String title,
      String lead,
      String query,
      List<Suggestion> suggestions) {
    super(title + ": " + lead, null, false, false);
    this.status = status;
    this.kind = kind;
    this.title = title;
    this.lead = lead;
    this.query = query;
    this.suggestions = List.copyOf(suggestions);
  }

  /// The same with a right thing near the wrong one.
  Refusal near(Suggestion suggestion) {
    return new Refusal(status, kind, title, lead, query, List.of(suggestion));
  }

  /// 404: there is no such thing.
  static Refusal notFound(String kind, String title, String lead, String query) {
    return new Refusal(404, kind, title, lead, query, List.of());
  }

  /// 400: a parameter's value cannot be read.
  ///
  /// @param allowed what would be right, as the end of a sentence: `a number from 1 to 65535`
  static Refusal parameter(String name, @Nullable String value, String allowed) {
    return new Refusal(
        400,
        "Bad request",
        "The value of “" + name + "” cannot be read",
        "You gave “" + (value == null ? "" : value) + "”. It has to be " + allowed + ".",
        "",
        List.of());
  }
}
