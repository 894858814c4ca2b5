package org.bgppeer.web;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What autonomous systems are called: a file that people download, in either of its usual forms.
///
/// ```
/// AS13335,"Cloudflare, Inc.",Content,US     asns.csv of bgp.tools: number, name, and what follows
/// 13335 CLOUDFLARENET, US                   asnames.txt of RIPE: number, name, country
/// ```
///
/// All names of the Internet are some megabytes: sorted numbers, each with the place of its name
/// among the octets of all of them. Nothing of it changes; a [Source] reads a changed file anew.
public final class AsNames {
  private static final Logger log = LoggerFactory.getLogger(AsNames.class);

  /// No name of any.
  public static final AsNames NONE = new AsNames(new long[0], new byte[0]);

  private static final Pattern LINE =
      Pattern.compile("(?:AS)?([0-9]{1,10})([,;]|[ \\t]+)(.*)", Pattern.CASE_INSENSITIVE);
  private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"]|\"\")*)\".*");
  private static final Pattern COUNTRY = Pattern.compile(", *[A-Z]{2}$");
  private static final Pattern HEAD =
      Pattern.compile("\"?(asn?|as number)\"?[,;\\t ].*", Pattern.CASE_INSENSITIVE);

  /// So many characters of a name are kept, and so many octets: its length is one octet.
  private static final int LONGEST = 80;

  private static final int OCTETS = 255;

  /// So many bad lines of a file are named.
  private static final int NAMED = 5;

  /// The AS number in the upper half, where its name begins in the lower one; in ascending order.
  private final long[] index;

  /// Of each name its length and its octets.
  private final byte[] names;

  private AsNames(long[] index, byte[] names) {
    this.index = index;
    this.names = names;
  }

  /// One that was found by its name.
  public record Named(long as, String name) {}

  /// Where the names come from: the first file of some that is there, read again when it has
  /// changed.
  public static final class Source {
    /// No file.
    public static final Source NONE = new Source(List.of());

    private final List<Path> files;
    private volatile AsNames names = AsNames.NONE;
    private volatile String seen = "";

    private Source(List<Path> files) {
      this.files = List.copyOf(files);
    }

    /// @param files none of them need be there, now or ever
    public static Source of(List<Path> files) {
      var source = new Source(files);
      source.now();
      return source;
    }

    /// The names as the file has them now. While one reads a file that has changed, all others get
    /// what it had before.
    public AsNames now() {
      String there = "";
      Path file = null;
      for (Path each : files) {
        try {
          there = each + " " + Files.getLastModifiedTime(each) + " " + Files.size(each);
          file = each;
          break;
        } catch (IOException e) {
          log.trace("{} is not there", each, e);
        }
      }
      if (!there.equals(seen)) {
        seen = there;
        read(file);
      }
      return names;
    }

    private synchronized void read(@Nullable Path file) {
      if (file == null) {
        names = AsNames.NONE;
        return;
      }
      try {
        names = AsNames.read(file);
        log.info("names of {} AS are read from {}", names.size(), file);
      } catch (IOException e) {
        log.warn("AS names: {} cannot be read, so those before it stay: {}", file, e.toString());
      }
    }
  }

  /// Reads a file. A line that is none is left out, and the log says which.
  ///
  /// @throws IOException if it cannot be read
  static AsNames read(Path file) throws IOException {
    var octets = new ByteArrayOutputStream();
    long[] index = new long[1024];
    int count = 0;
    int number = 0;
    int bad = 0;
    try (var in =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        String text = line.strip();
        if (text.startsWith("\ufeff")) {
          text = text.substring(1);
        }
        if (text.isEmpty() || text.startsWith("#") || HEAD.matcher(text).matches()) {
          continue;
        }
        Matcher entry = LINE.matcher(text);
        long as = entry.matches() ? Long.parseLong(entry.group(1)) : -1;
        if (as < 0 || as > 0xffff_ffffL) {
          if (++bad <= NAMED) {
            log.warn(
                "AS names: {}:{} is left out, it is neither “AS13335,NAME” nor “13335 NAME”: {}",
                file,
                number,
                text.substring(0, Math.min(60, text.length())));
          }
          continue;
        }
        byte[] name =
            name(entry.group(2).charAt(0), entry.group(3).strip()).getBytes(StandardCharsets.UTF_8);
        if (name.length > 0) {
          if (count == index.length) {
            index = Arrays.copyOf(index, 2 * count);
          }
          index[count++] = as << 32 | octets.size();
          octets.write(name.length);
          octets.writeBytes(name);
        }
      }
    }
    if (bad > NAMED) {
      log.warn("AS names: {} more lines of {} are left out", bad - NAMED, file);
    }
    index = Arrays.copyOf(index, count);
    Arrays.sort(index);
    return new AsNames(index, octets.toByteArray());
  }

  /// The name in what stands behind the number: the first field of CSV, or all but the country.
  private static String name(char separator, String rest) {
    Matcher quoted = QUOTED.matcher(rest);
    String name;
    if (quoted.matches()) {
      name = quoted.group(1).replace("\"\"", "\"");
    } else if (separator == ',' || separator == ';') {
      int end = rest.indexOf(separator);
      name = end < 0 ? rest : rest.substring(0, end);
    } else {
      name = COUNTRY.matcher(rest).replaceFirst("");
    }
    name = name.strip();
    name = name.substring(0, name.offsetByCodePoints(0, Math.min(LONGEST, codePoints(name))));
    while (name.getBytes(StandardCharsets.UTF_8).length > OCTETS) {
      name = name.substring(0, name.offsetByCodePoints(name.length(), -1));
    }
    return name;
  }

  private static int codePoints(String text) {
    return text.codePointCount(0, text.length());
  }

  /// How many have a name.
  public int size() {
    return index.length;
  }

  /// What an AS is called; empty if that is not known.
  public String of(long as) {
    // The last one of a number counts: a file may say it twice.
    int at = Arrays.binarySearch(index, as << 32 | 0xffff_ffffL);
    int before = at >= 0 ? at : -at - 2;
    return before >= 0 && index[before] >>> 32 == as ? text((int) index[before]) : "";
  }

  private String text(int at) {
    return new String(names, at + 1, names[at] & 0xff, StandardCharsets.UTF_8);
  }

  /// Those whose name has a text in it, upper and lower case alike; first those that begin with it,
  /// each by number.
  List<Named> search(String part, int most) {
    byte[] wanted = part.strip().getBytes(StandardCharsets.UTF_8);
    if (wanted.length < 2) {
      return List.of();
    }
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = lower(wanted[i]);
    }
    var begin = new ArrayList<Named>();
    var within = new ArrayList<Named>();
    for (int i = 0; i < index.length && begin.size() < most; i++) {
      int at = (int) index[i];
      if (i + 1 < index.length && index[i + 1] >>> 32 == index[i] >>> 32) {
        continue;
      }
      int last = (names[at] & 0xff) - wanted.length;
      for (int from = 0; from <= last; from++) {
        if (isAt(at + 1 + from, wanted)) {
          List<Named> found = from == 0 ? begin : within;
          if (found.size() < most) {
            found.add(new Named(index[i] >>> 32, text(at)));
          }
          break;
        }
      }
    }
    begin.addAll(within);
    return List.copyOf(begin.subList(0, Math.min(most, begin.size())));
  }

  private boolean isAt(int at, byte[] wanted) {
    for (int i = 0; i < wanted.length; i++) {
      if (lower(names[at + i]) != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte lower(byte octet) {
    return octet >= 'A' && octet <= 'Z' ? (byte) (octet + 32) : octet;
  }

  // ---------------------------------------------------------------- on pages

  /// `AS13335 Cloudflare`, or `AS13335`.
  public String withNumber(long as) {
    String name = of(as);
    return name.isEmpty() ? "AS" + as : "AS" + as + " " + name;
  }

  /// The names along a path, `Northwind Transit › AS64502 › Orchard University`; empty if none of
  /// them is known, or if nobody would read so many.
  public String along(String path) {
    if (index.length == 0) {
      return "";
    }
    List<Text.Hop> hops = Text.shortHops(path);
    var words = new ArrayList<String>();
    boolean known = false;
    for (Text.Hop hop : hops) {
      String name = hop.as() == null ? "" : of(hop.as());
      known |= !name.isEmpty();
      words.add(name.isEmpty() ? hop.as() == null ? hop.text() : "AS" + hop.as() : name);
    }
    return known && words.size() <= 16 ? String.join(" › ", words) : "";
  }

  /// What a step of a path says on its own: its name, and how often it stands there.
  public @Nullable String title(Text.Hop hop) {
    String name = hop.as() == null ? "" : of(hop.as());
    if (name.isEmpty()) {
      return null;
    }
    return hop.times() > 1 ? name + ", " + hop.times() + " times in a row" : name;
  }
}
