package org.bgppeer.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.bgppeer.wire.Communities;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What communities mean, in words: the well-known ones, and those of files.
///
/// ```
/// as64500.txt   64500:100,learned from a customer      the format of the NLNOG looking glass:
///               64500:1xx,learned in city $0$1          x is a digit, nnn any number,
///               64500:0-99,internal                     a range; $0 is what the first of them is
///               rt 64500:nnn,customer $0                an extended community
/// as64500.json  draft-ietf-grow-yang-bgp-communities, in the names of any of its versions
/// ```
public final class CommunityDictionary {
  private static final Logger log = LoggerFactory.getLogger(CommunityDictionary.class);

  private static final Pattern LINE =
      Pattern.compile("((?:[a-z][a-z0-9-]* ?)?[0-9xn:*-]+) *,(.*)", Pattern.CASE_INSENSITIVE);
  private static final Pattern PART = Pattern.compile("([0-9]+)-([0-9]+)|[0-9]+|n+|[0-9x]+");
  private static final Pattern REFERENCE = Pattern.compile("\\$([0-9])");
  private static final Pattern LABEL = Pattern.compile("([a-z][a-z0-9-]*)[ :](.*)");

  private static final String REGISTRY = "IANA";

  /// Only the well-known ones.
  public static final CommunityDictionary WELL_KNOWN = new CommunityDictionary();

  private final Map<String, Entry> exact = new HashMap<>();

  /// Entries with a wildcard, by what stands before the last parts: `64500`, `rt:64500`.
  private final Map<String, List<Entry>> patterns = new HashMap<>();

  /// What a community is called.
  ///
  /// @param meaning in words
  /// @param source the file, or the registry, that says so
  public record Named(String meaning, String source) {}

  /// @param parts one for each number of the community; empty for an exact one
  private record Entry(List<Part> parts, String words, String source, boolean references) {}

  /// One number of a community, and how it is compared.
  private interface Part {
    /// What its wildcards stand for; null if the number does not fit.
    @Nullable List<String> match(String number);
  }

  private CommunityDictionary() {
    for (int low = 0; low <= 0xffff; low++) {
      String name = Communities.wellKnownName(0xffff_0000L | low);
      if (name != null) {
        exact.put("65535:" + low, new Entry(List.of(), name, REGISTRY, false));
      }
    }
  }

  /// Reads all `.txt` and `.json` files of a directory. A file that cannot be read is left out, and
  /// the log says why.
  ///
  /// @param directory need not be there
  public static CommunityDictionary of(Path directory) {
    var dictionary = new CommunityDictionary();
    if (!Files.isDirectory(directory)) {
      return dictionary;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        dictionary.read(file);
      }
    } catch (IOException e) {
      log.warn("communities: {} cannot be listed: {}", directory, e.toString());
    }
    return dictionary;
  }

  private void read(Path file) {
    String name = String.valueOf(file.getFileName());
    try {
      if (name.endsWith(".txt")) {
        readText(Files.readString(file, StandardCharsets.UTF_8), name);
      } else if (name.endsWith(".json")) {
        readJson(Files.readString(file, StandardCharsets.UTF_8), name);
      }
    } catch (IOException | JacksonException | IllegalArgumentException e) {
      log.warn("communities: {} is left out: {}", file, e.getMessage());
    }
  }

  /// Reads the format of the NLNOG looking glass: lines that are none are left out, as there.
  void readText(String text, String source) {
    text.lines()
        .forEach(
            line -> {
              Matcher entry = LINE.matcher(line.strip());
              if (!line.startsWith("#") && entry.matches()) {
                add(entry.group(1), entry.group(2).strip(), source);
              }
            });
  }

  private void add(String community, String words, String source) {
    String label = "";
    String numbers = community;
    Matcher labelled = LABEL.matcher(community);
    if (labelled.matches()) {
      label = labelled.group(1).equals("ro") ? "soo:" : labelled.group(1) + ":";
      numbers = labelled.group(2);
    }
    String[] parts = numbers.split(":");
    if (numbers.chars().allMatch(c -> c == ':' || (c >= '0' && c <= '9'))) {
      exact.put(label + numbers, new Entry(List.of(), words, source, false));
      return;
    }
    var compared = new ArrayList<Part>();
    for (int i = 1; i < parts.length; i++) {
      Matcher part = PART.matcher(parts[i]);
      if (!part.matches()) {
        return;
      }
      compared.add(part.group(1) != null ? range(part) : digits(parts[i]));
    }
    put(label + parts[0] + "/" + compared.size(), new Entry(compared, words, source, true));
  }

  private void put(String key, Entry entry) {
    patterns.computeIfAbsent(key, _ -> new ArrayList<>()).add(entry);
  }

  private static Part range(Matcher part) {
    long from = number(part.group(1));
    long to = number(part.group(2));
    return number -> {
      long value = number(number);
      return value >= from && value <= to ? List.of(number) : null;
    };
  }

  private static long number(String digits) {
    return digits.length() > 10 ? Long.MAX_VALUE : Long.parseLong(digits);
  }

  private static Part digits(String text) {
    Pattern pattern =
        Pattern.compile(text.startsWith("n") ? "([0-9]+)" : text.replace("x", "([0-9])"));
    return number -> {
      Matcher matcher = pattern.matcher(number);
      if (!matcher.matches()) {
        return null;
      }
      var groups = new ArrayList<String>();
      for (int i = 1; i <= matcher.groupCount(); i++) {
        groups.add(matcher.group(i));
      }
      return groups;
    };
  }

  // ---------------------------------------------------------------- YANG as JSON

  void readJson(String text, String source) {
    JsonNode root = new JsonMapper().readTree(text);
    JsonNode all = null;
    for (var each : root.properties()) {
      if (each.getKey().endsWith("bgp-communities")) {
        all = each.getValue();
      }
    }
    if (all == null) {
      throw new IllegalArgumentException(
          "there is no “ietf-bgp-communities:bgp-communities” in it");
    }
    for (JsonNode each : all.path("regular")) {
      put(
          any(each, "global-admin", "globaladmin").asString() + "/1",
          entry(each, source, fields(any(each, "local-admin", "localadmin"), 16)));
    }
    for (JsonNode each : all.path("large")) {
      put(
          any(each, "global-admin", "globaladmin").asString() + "/2",
          entry(
              each,
              source,
              fields(any(each, "local-data-part-1", "localdatapart1"), 32),
              fields(any(each, "local-data-part-2", "localdatapart2"), 32)));
    }
    for (JsonNode each : all.path("extended")) {
      String label =
          switch (each.path("subtype").asInt(-1)) {
            case 2 -> "rt:";
            case 3 -> "soo:";
            default -> "";
          };
      if (!label.isEmpty() && each.path("type").asInt(-1) <= 2) {
        boolean four = each.has("asn4");
        put(
            label + any(each, "asn", "asn4").asString() + "/1",
            entry(each, source, fields(any(each, "local-admin", "localadmin"), four ? 16 : 32)));
      }
    }
  }

  private static JsonNode any(JsonNode node, String one, String other) {
    JsonNode found = node.has(one) ? node.get(one) : node.get(other);
    if (found == null) {
      throw new IllegalArgumentException(
          "“" + node.path("name").asString("") + "” has no “" + one + "”");
    }
    return found;
  }

  private static Entry entry(JsonNode node, String source, Part... parts) {
    String name = node.path("name").asString("");
    String words = node.path("description").asString(name);
    return new Entry(List.of(parts), words.isEmpty() ? name : words, source, false);
  }

  /// @param bits of the number in binary
  private static Part fields(JsonNode part, int bits) {
    boolean binary = part.path("format").asString("").equals("binary");
    var lengths = new ArrayList<Integer>();
    var patterns = new ArrayList<Pattern>();
    for (JsonNode field : any(part, "field", "fields")) {
      String pattern = field.path("pattern").asString("").replaceFirst("^\\^", "");
      try {
        patterns.add(
            Pattern.compile(
                pattern.endsWith("$") ? pattern.substring(0, pattern.length() - 1) : pattern));
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException("“" + pattern + "” is no pattern", e);
      }
      lengths.add(field.path("length").asInt(-1));
    }
    return number -> {
      String content = number;
      if (binary) {
        String plain = Long.toBinaryString(number(number));
        content = "0".repeat(Math.max(0, bits - plain.length())) + plain;
      }
      int at = 0;
      for (int i = 0; i < patterns.size(); i++) {
        int end =
            lengths.get(i) < 0 ? content.length() : Math.min(content.length(), at + lengths.get(i));
        if (!patterns.get(i).matcher(content.substring(Math.min(at, end), end)).matches()) {
          return null;
        }
        at = end;
      }
      return List.of();
    };
  }

  // ---------------------------------------------------------------- asking

  /// What is known of a community; null for nothing.
  ///
  /// @param community in the text that routes are shown with: `64500:100`, `64500:1:2`,
  ///     `rt:64500:100`
  public @Nullable Named of(String community) {
    Entry known = exact.get(community);
    if (known != null) {
      return new Named(known.words, known.source);
    }
    Matcher labelled = LABEL.matcher(community);
    String label = labelled.matches() ? labelled.group(1) + ":" : "";
    String[] parts = community.substring(label.length()).split(":");
    for (Entry entry :
        patterns.getOrDefault(label + parts[0] + "/" + (parts.length - 1), List.of())) {
      var groups = new ArrayList<String>();
      boolean fits = true;
      for (int i = 0; fits && i < entry.parts.size(); i++) {
        List<String> matched = entry.parts.get(i).match(parts[i + 1]);
        fits = matched != null;
        if (matched != null) {
          groups.addAll(matched);
        }
      }
      if (fits) {
        return new Named(
            entry.references ? filled(entry.words, groups) : entry.words, entry.source);
      }
    }
    return null;
  }

  private static String filled(String words, List<String> groups) {
    return REFERENCE
        .matcher(words)
        .replaceAll(
            reference -> {
              int number = Integer.parseInt(reference.group(1));
              return Matcher.quoteReplacement(
                  number < groups.size() ? groups.get(number) : reference.group());
            });
  }

  /// How many entries it has beside the well-known ones.
  public int size() {
    return (int) (exact.values().stream().filter(entry -> !entry.source.equals(REGISTRY)).count())
        + patterns.values().stream().mapToInt(List::size).sum();
  }
}
