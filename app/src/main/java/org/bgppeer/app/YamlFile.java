package org.bgppeer.app;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/// A YAML file as [Setting]s, each with its line. Values stay the text that was written, so that
/// `0x10` or `yes` is judged by the setting that it is given to and not by YAML's rules.
final class YamlFile {
  private final String source;
  private final YAMLParser in;

  private YamlFile(String source, YAMLParser in) {
    this.source = source;
    this.in = in;
  }

  /// Reads the whole file.
  ///
  /// @throws BadConfiguration if it cannot be read, is not YAML, or is not names with values
  static Setting.Entries read(Path file) throws BadConfiguration {
    return parse(file, text(file));
  }

  /// What stands in the file.
  ///
  /// @throws BadConfiguration if it cannot be read
  static String text(Path file) throws BadConfiguration {
    var whole = new Place(file.toString(), 0);
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new BadConfiguration(
          whole,
          "there is no such file",
          "write one like bgp-peer.example.yaml, or name another one with -c FILE");
    } catch (AccessDeniedException e) {
      throw new BadConfiguration(
          whole, "it may not be read by this user", "change its permissions");
    } catch (MalformedInputException e) {
      throw new BadConfiguration(whole, "it is not text in UTF-8", "save it as UTF-8");
    } catch (IOException e) {
      throw new BadConfiguration(
          whole, "it cannot be read (" + e.getMessage() + ")", "name a file");
    }
  }

  /// Reads what stands in the file.
  ///
  /// @throws BadConfiguration if it is not YAML, or is not names with values
  static Setting.Entries parse(Path file, String text) throws BadConfiguration {
    String source = file.toString();
    try (var parser = new YAMLFactory().createParser(ObjectReadContext.empty(), text)) {
      return new YamlFile(source, (YAMLParser) parser).whole();
    } catch (JacksonException e) {
      throw notYaml(source, e);
    }
  }

  private static BadConfiguration notYaml(String source, JacksonException e) {
    var location = e.getLocation();
    int line = location == null ? 0 : location.getLineNr();
    String what = e.getOriginalMessage();
    if (e.getCause() instanceof MarkedYamlEngineException marked) {
      line = marked.getProblemMark().map(mark -> mark.getLine() + 1).orElse(line);
      what = marked.getProblem();
    }
    return new BadConfiguration(
        new Place(source, line),
        "this is not YAML (" + what + ")",
        "indent with spaces, close what is opened, put text with : or # in quotes");
  }

  private Setting.Entries whole() throws BadConfiguration {
    if (in.nextToken() == null) {
      return new Setting.Entries(new Place(source, 1), List.of());
    }
    Setting root = value();
    if (!(root instanceof Setting.Entries entries)) {
      throw new BadConfiguration(
          root.place(),
          "the file must consist of names with values",
          "for instance local-as: 64512");
    }
    if (in.nextToken() != null) {
      throw new BadConfiguration(
          here(), "a second document begins here", "only one is allowed, remove the --- before it");
    }
    return entries;
  }

  private Place here() {
    return new Place(source, in.currentTokenLocation().getLineNr());
  }

  private Setting value() throws BadConfiguration {
    Place place = here();
    if (in.isCurrentAlias()) {
      throw new BadConfiguration(
          place, "an alias (*" + in.getString() + ") stands here", "write the value itself");
    }
    return switch (in.currentToken()) {
      case START_OBJECT -> entries(place);
      case START_ARRAY -> items(place);
      case VALUE_NULL -> new Setting.Text(place, "");
      default -> new Setting.Text(place, in.getString());
    };
  }

  private Setting.Entries entries(Place place) throws BadConfiguration {
    var entries = new ArrayList<Setting.Entry>();
    while (next() != JsonToken.END_OBJECT) {
      Place at = here();
      String key = in.getString();
      next();
      entries.add(new Setting.Entry(at, key, value()));
    }
    return new Setting.Entries(place, entries);
  }

  private Setting.Items items(Place place) throws BadConfiguration {
    var values = new ArrayList<Setting>();
    while (next() != JsonToken.END_ARRAY) {
      values.add(value());
    }
    return new Setting.Items(place, values);
  }

  private @Nullable JsonToken next() {
    return in.nextToken();
  }
}
