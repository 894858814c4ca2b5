package org.bgppeer.app;

import java.util.List;
import org.bgppeer.session.NeighborConfig;

/// A piece of configuration before anybody judged it, from a file or from the command line: text,
/// a list, or names with values, each with its place.
sealed interface Setting {
  Place place();

  /// One value as it was written.
  record Text(Place place, String value) implements Setting {}

  /// A list.
  record Items(Place place, List<Setting> values) implements Setting {}

  /// Names and values in their order; a name may stand there twice.
  record Entries(Place place, List<Entry> entries) implements Setting {}

  /// A neighbor that was read before, and without a word about it.
  record Known(Place place, NeighborConfig neighbor, boolean muted) implements Setting {
    Known at(Place other) {
      return new Known(other, neighbor, muted);
    }
  }

  /// One name and its value.
  record Entry(Place place, String key, Setting value) {}
}
