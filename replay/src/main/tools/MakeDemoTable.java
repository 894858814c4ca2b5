import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// Makes the demo's table: real prefixes of the default-free zone, each with its real origin AS, a
/// sample small enough to ship. Where the inputs come from is in the README beside the table.
///
/// ```
/// java MakeDemoTable.java PREFIXES.txt.gz ORIGIN-V4.gz ORIGIN-V6.gz demo-table.txt.gz
/// ```
///
/// PREFIXES has a prefix a line. The ORIGIN files have an address block and its origin AS a line,
/// either `1.0.0.0/24 13335` or `1.0.0.0,1.0.0.255,13335,…`. The same inputs give the same octets.
///
/// Whole origin ASes are drawn, not single prefixes: so the table keeps covering prefixes, their
/// more-specifics, and ASes that originate many.
class MakeDemoTable {
  private static final int IPV4_PREFIXES = 30_000;
  private static final int IPV6_PREFIXES = 8_000;
  private static final int AT_MOST_OF_ONE_AS = 120;
  private static final long SEED = 20_251_001;

  /// What a newcomer types first: it must be there.
  private static final List<String> WELL_KNOWN =
      List.of(
          "1.1.1.0/24",
          "8.8.8.0/24",
          "9.9.9.0/24",
          "193.0.0.0/21",
          "193.0.14.0/24",
          "2001:67c:2e8::/48",
          "2001:7fd::/48",
          "2001:4860::/32",
          "2606:4700:4700::/48",
          "2620:fe::/48");

  /// An address block of one origin.
  private record Block(BigInteger first, BigInteger last, long origin) {}

  private record Prefix(BigInteger first, int length, boolean ipv6, String text)
      implements Comparable<Prefix> {
    static Prefix parse(String text) throws IOException {
      int slash = text.indexOf('/');
      var address = InetAddress.ofLiteral(text.substring(0, slash));
      return new Prefix(
          new BigInteger(1, address.getAddress()),
          Integer.parseInt(text.substring(slash + 1)),
          address.getAddress().length == 16,
          text);
    }

    BigInteger last() {
      return first
          .add(BigInteger.ONE.shiftLeft((ipv6 ? 128 : 32) - length))
          .subtract(BigInteger.ONE);
    }

    @Override
    public int compareTo(Prefix other) {
      return Comparator.comparing(Prefix::ipv6)
          .thenComparing(Prefix::first)
          .thenComparing(Prefix::length)
          .compare(this, other);
    }
  }

  public static void main(String[] args) throws IOException {
    if (args.length != 4) {
      System.err.println("usage: MakeDemoTable PREFIXES.gz ORIGIN-V4.gz ORIGIN-V6.gz OUT.gz");
      System.exit(2);
    }
    var blocks4 = blocks(Path.of(args[1]));
    var blocks6 = blocks(Path.of(args[2]));
    var byOrigin4 = new TreeMap<Long, List<Prefix>>();
    var byOrigin6 = new TreeMap<Long, List<Prefix>>();
    for (String line : lines(Path.of(args[0]))) {
      var prefix = Prefix.parse(line.strip());
      long origin = origin(prefix, prefix.ipv6() ? blocks6 : blocks4);
      int shortest = prefix.ipv6() ? 19 : 8;
      int longest = prefix.ipv6() ? 48 : 24;
      if (isPublic(origin) && prefix.length() >= shortest && prefix.length() <= longest) {
        (prefix.ipv6() ? byOrigin6 : byOrigin4)
            .computeIfAbsent(origin, _ -> new ArrayList<>())
            .add(prefix);
      }
    }
    var chosen = new TreeMap<Long, Set<Prefix>>();
    draw(byOrigin4, IPV4_PREFIXES, chosen);
    draw(byOrigin6, IPV6_PREFIXES, chosen);
    write(chosen, Path.of(args[3]));
  }

  /// Adds whole ASes in a random order that depends on nothing but the AS numbers; those with a
  /// well-known prefix, and those which the other family already drew, come first.
  private static void draw(
      Map<Long, List<Prefix>> byOrigin, int wanted, Map<Long, Set<Prefix>> chosen) {
    var origins = new ArrayList<>(byOrigin.keySet());
    Collections.shuffle(origins, new Random(SEED));
    Comparator<Long> unknownLast =
        Comparator.comparing(
            as -> byOrigin.get(as).stream().noneMatch(p -> WELL_KNOWN.contains(p.text())));
    origins.sort(unknownLast.thenComparing(as -> !chosen.containsKey(as)));
    int taken = 0;
    for (long as : origins) {
      var candidates = new ArrayList<>(byOrigin.get(as));
      Collections.shuffle(candidates, new Random(SEED ^ as));
      candidates.sort(Comparator.comparing(p -> !WELL_KNOWN.contains(p.text())));
      int take = Math.min(Math.min(candidates.size(), AT_MOST_OF_ONE_AS), wanted - taken);
      if (take == 0) {
        return;
      }
      chosen.computeIfAbsent(as, _ -> new TreeSet<>()).addAll(candidates.subList(0, take));
      taken += take;
    }
  }

  private static void write(Map<Long, Set<Prefix>> chosen, Path out) throws IOException {
    var text = new StringBuilder();
    chosen.forEach(
        (as, prefixes) -> {
          text.append(as);
          prefixes.forEach(prefix -> text.append(' ').append(prefix.text()));
          text.append('\n');
        });
    try (var file =
        new GZIPOutputStream(Files.newOutputStream(out)) {
          {
            def.setLevel(Deflater.BEST_COMPRESSION);
          }
        }) {
      file.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
    long ipv4 = chosen.values().stream().flatMap(Set::stream).filter(p -> !p.ipv6()).count();
    long ipv6 = chosen.values().stream().flatMap(Set::stream).filter(Prefix::ipv6).count();
    System.out.println(
        chosen.size()
            + " origin ASes, "
            + ipv4
            + " IPv4 and "
            + ipv6
            + " IPv6 prefixes, "
            + Files.size(out)
            + " octets");
  }

  private static long origin(Prefix prefix, TreeMap<BigInteger, Block> blocks) {
    var entry = blocks.floorEntry(prefix.first());
    return entry != null && prefix.last().compareTo(entry.getValue().last()) <= 0
        ? entry.getValue().origin()
        : 0;
  }

  /// Neither reserved, nor private, nor for documentation (IANA's special-purpose AS numbers).
  private static boolean isPublic(long as) {
    return as > 0 && as != 23456 && (as < 64496 || as > 131_071) && as < 4_200_000_000L;
  }

  private static TreeMap<BigInteger, Block> blocks(Path file) throws IOException {
    var blocks = new TreeMap<BigInteger, Block>();
    for (String line : lines(file)) {
      Block block;
      if (line.indexOf(',') >= 0) {
        String[] fields = line.split(",");
        block =
            new Block(
                new BigInteger(1, InetAddress.ofLiteral(fields[0]).getAddress()),
                new BigInteger(1, InetAddress.ofLiteral(fields[1]).getAddress()),
                Long.parseLong(fields[2]));
      } else {
        String[] fields = line.split(" ");
        var prefix = Prefix.parse(fields[0]);
        block = new Block(prefix.first(), prefix.last(), Long.parseLong(fields[1]));
      }
      // Neighbouring blocks of one origin are one: an announced prefix may span two of them.
      var before = blocks.lastEntry();
      if (before != null
          && before.getValue().origin() == block.origin()
          && before.getValue().last().add(BigInteger.ONE).equals(block.first())) {
        block = new Block(before.getKey(), block.last(), block.origin());
      }
      blocks.put(block.first(), block);
    }
    return blocks;
  }

  private static List<String> lines(Path file) throws IOException {
    try (var reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.isBlank()).toList();
    }
  }
}
