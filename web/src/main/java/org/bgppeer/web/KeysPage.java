package org.bgppeer.web;

import java.util.List;

/// `/keys`: what the keyboard does.
public final class KeysPage {
  private static final List<Key> KEYS =
      List.of(
          new Key("/", "to the search field"),
          new Key("↑ ↓", "in the search field: chooses among what was found; Enter opens it"),
          new Key("g d", "to the dashboard"),
          new Key("g n", "to the neighbors"),
          new Key("g p", "to the prefixes"),
          new Key("g a", "to the AS"),
          new Key("g k", "to the packets"),
          new Key("g l", "to live"),
          new Key("j", "to the next row"),
          new Key("k", "to the previous row"),
          new Key("Enter", "opens the row"),
          new Key("t", "to the time field: the page as of another time"),
          new Key("[", "to the change before"),
          new Key("]", "to the change after"),
          new Key("→ ←", "in a packet: from a byte to its line, and from a line to its bytes"),
          new Key("↑ ↓", "in the lines of a packet: to the line before or after"),
          new Key("space", "pauses live and resumes it"),
          new Key("Esc", "leaves a field"),
          new Key("?", "to this list"));

  KeysPage(Site site) {
    site.page("/keys", visit -> Reply.page("keys", "Keys", "", new Model(KEYS)));
  }

  /// The model of `keys.jte`.
  public record Model(List<Key> keys) {}

  /// A key, or two behind one another, and what it does.
  public record Key(String key, String deed) {}
}
