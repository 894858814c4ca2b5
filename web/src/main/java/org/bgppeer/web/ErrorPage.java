package org.bgppeer.web;

import java.util.List;

/// The model of `error.jte`.
///
/// @param kind what is wrong in two or three words
/// @param title the same as a sentence
/// @param lead what was asked for, and what would be right
/// @param query for the search field
/// @param suggestions the nearest right things; may be empty
/// @param details lines for a report of the fault
/// @param collector how the collector itself does
public record ErrorPage(
    String kind,
    String title,
    String lead,
    String query,
    List<Near> suggestions,
    List<String> details,
    Mark collector) {

  /// A right thing near the wrong one.
  public record Near(String href, String text, String words) {}

  ErrorPage(Refusal refusal, List<String> details, Mark collector) {
    this(
        refusal.kind,
        refusal.title,
        refusal.lead,
        refusal.query,
        refusal.suggestions.stream().map(s -> new Near(s.href(), s.text(), s.words())).toList(),
        List.copyOf(details),
        collector);
  }
}
