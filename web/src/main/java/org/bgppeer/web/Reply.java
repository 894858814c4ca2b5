package org.bgppeer.web;

import java.time.Instant;
import java.util.List;
import org.bgppeer.wire.Octets;
import org.jspecify.annotations.Nullable;

/// What an address answers with.
sealed interface Reply {

  /// A page, and the same as data.
  ///
  /// @param template its name in `src/main/jte`, without `.jte`
  /// @param title of the window
  /// @param section which entry of the navigation is current: `dashboard`, `neighbors`, `prefixes`,
  ///     `as`, `packets`, `live`; empty for none
  /// @param model what the template gets as `page`
  /// @param query what to keep in the search field; may be empty
  /// @param data for `.json` (any object) and `.csv` (a list of objects); null if there is neither
  /// @param next the address of the next page; null if there is none
  /// @param changes when something changed before and after the moment that it shows; null if it
  ///     does not know
  record Page(
      String template,
      String title,
      String section,
      Object model,
      String query,
      @Nullable Object data,
      @Nullable String next,
      TimeBar.@Nullable Changes changes)
      implements Reply {

    /// The same with a data form: a list gives `.json` and `.csv`, anything else `.json` alone.
    Page withData(Object value) {
      return new Page(template, title, section, model, query, value, next, changes);
    }

    /// The same with this text in the search field.
    Page withQuery(String text) {
      return new Page(template, title, section, model, text, data, next, changes);
    }

    /// The same with a page behind it: told to clients of the data forms in a `Link` header.
    Page withNext(@Nullable String href) {
      return new Page(template, title, section, model, query, data, href, changes);
    }

    /// The same between two changes, which the time machine's bar leads to.
    Page between(@Nullable Instant before, @Nullable Instant after) {
      return new Page(
          template, title, section, model, query, data, next, new TimeBar.Changes(before, after));
    }

    /// Whether there is a CSV form.
    boolean tabular() {
      return data instanceof List<?>;
    }
  }

  /// Go there instead.
  ///
  /// @param location an address of this site, encoded
  record Redirect(String location) implements Reply {}

  /// A file to keep.
  ///
  /// @param fileName what a browser suggests to call it
  record Raw(String contentType, String fileName, Octets octets) implements Reply {}

  /// A page without a data form.
  static Page page(String template, String title, String section, Object model) {
    return new Page(template, title, section, model, "", null, null, null);
  }
}
