package org.bgppeer.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A configuration file that is read again whenever it changed. What it said of a neighbor is known
/// by its text, so that of 10,000 of which one changed one is read.
///
/// The others are taken out of the text before it is parsed. Wherever that could make a difference
/// the whole text is read anew: if what stands around the neighbors changed, if the rest is not as
/// expected, and if anything is wrong, so that what is said of it is what it would have been.
final class ConfigurationFile {
  private final Path path;
  private final UnaryOperator<Setting.Entries> over;
  private @Nullable NeighborItems before;
  private Map<String, Setting.Known> known = Map.of();

  /// @param over puts other settings over those of the file
  ConfigurationFile(Path path, UnaryOperator<Setting.Entries> over) {
    this.path = path;
    this.over = over;
  }

  Path path() {
    return path;
  }

  /// Reads it.
  ///
  /// @throws BadConfiguration with everything that is wrong with it
  synchronized Configuration read() throws BadConfiguration {
    String text = YamlFile.text(path);
    NeighborItems items = NeighborItems.of(text);
    if (before != null && before.isAround(items)) {
      try {
        Setting.Entries settings =
            restored(items, YamlFile.parse(path, items.without(item -> known(item) != null)));
        if (settings != null) {
          return judge(settings, items);
        }
      } catch (BadConfiguration e) {
        // The whole text says the same, or more.
      }
    }
    return judge(YamlFile.parse(path, text), items);
  }

  private Setting.@Nullable Known known(NeighborItems.Item item) {
    return known.get(item.text());
  }

  private Configuration judge(Setting.Entries settings, NeighborItems items)
      throws BadConfiguration {
    var understood = new HashMap<Integer, Setting.Known>();
    Configuration configuration =
        ConfigurationReader.read(
            over.apply(settings), ConfigurationReader.directoryOf(path), understood);
    var next = new HashMap<String, Setting.Known>();
    for (NeighborItems.Item item : items.items()) {
      Setting.Known neighbor = understood.get(item.line());
      if (neighbor != null) {
        next.put(item.text(), neighbor);
      }
    }
    known = next;
    before = items;
    return configuration;
  }

  /// The settings with those in their places that were taken out of the text; null if the others
  /// are not the items that they look like.
  private Setting.@Nullable Entries restored(NeighborItems items, Setting.Entries settings) {
    var entries = new ArrayList<Setting.Entry>();
    for (Setting.Entry entry : settings.entries()) {
      if (!entry.key().equals("neighbors") || entry.place().line() != items.key()) {
        entries.add(entry);
        continue;
      }
      List<Setting> others = entry.value() instanceof Setting.Items(_, var some) ? some : List.of();
      var all = new ArrayList<Setting>();
      int taken = 0;
      for (NeighborItems.Item item : items.items()) {
        Setting.Known neighbor = known(item);
        if (neighbor != null) {
          all.add(neighbor.at(new Place(path.toString(), item.line())));
        } else if (taken < others.size() && others.get(taken).place().line() == item.line()) {
          all.add(others.get(taken++));
        } else {
          return null;
        }
      }
      if (taken < others.size()) {
        return null;
      }
      entries.add(
          new Setting.Entry(entry.place(), entry.key(), new Setting.Items(entry.place(), all)));
    }
    return new Setting.Entries(settings.place(), entries);
  }
}
