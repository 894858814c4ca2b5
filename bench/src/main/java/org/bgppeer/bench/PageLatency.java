package org.bgppeer.bench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/// How long each kind of page of a running collector takes, and how much it weighs: whatever the
/// collector does meanwhile, it is asked over HTTP as a browser asks it. What there is to ask for
/// comes from its API, prefixes from everywhere in its table.
@CommandLine.Command(
    name = "page-latency",
    mixinStandardHelpOptions = true,
    description =
        "Asks a running collector for pages of every kind, and prints how long they took and how"
            + " much they weigh, compressed.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class PageLatency implements Callable<Integer> {
  private static final int SAMPLES = 60;

  @Option(names = "--url", description = "Where its pages are. Default: http://127.0.0.1:8179.")
  private URI url = URI.create("http://127.0.0.1:8179");

  @Option(names = "--token", description = "Of a user, if it has users.")
  private @Nullable String token;

  @Option(names = "--requests", description = "Of each kind. Default: 200.")
  private int requests = 200;

  @Option(names = "--readers", description = "So many ask at once, all kinds in turn. Default: 1.")
  private int readers = 1;

  @Option(
      names = "--seconds",
      description =
          "It ends after so long at the latest, and prints what it has by then. Default: 120.")
  private int seconds = 120;

  /// What is not answered by then was waited for in vain.
  private long end;

  private final HttpClient client = HttpClient.newHttpClient();
  private final SplittableRandom random = new SplittableRandom(64_496);

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new PageLatency()).execute(arguments));
  }

  /// What was measured of a kind of page.
  private static final class Measured {
    private final long[] nanos;
    private int count;
    private long octets;
    private long largest;
    private int wrong;

    Measured(int most) {
      nanos = new long[most];
    }

    synchronized void add(long took, int size, int status) {
      if (count == nanos.length) {
        return;
      }
      nanos[count++] = took;
      octets += size;
      largest = Math.max(largest, size);
      wrong += status == 200 ? 0 : 1;
    }

    synchronized String line(String kind, long around) {
      if (count == 0) {
        return "%-18s was not asked for".formatted(kind);
      }
      long[] sorted = Arrays.copyOf(nanos, count);
      Arrays.sort(sorted);
      return "%-18s %6d %8.1f %8.1f %8.1f %8.1f %9.1f %9.1f%s"
          .formatted(
              kind,
              count,
              at(sorted, 0.50),
              at(sorted, 0.95),
              at(sorted, 0.99),
              sorted[count - 1] / 1e6,
              octets / 1e3 / count,
              (largest + around) / 1e3,
              wrong == 0 ? "" : "   " + wrong + " were no answer");
    }

    private static double at(long[] sorted, double part) {
      return sorted[(int) Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] / 1e6;
    }
  }

  @Override
  public Integer call() throws Exception {
    end = System.nanoTime() + seconds * 1_000_000_000L;
    Map<String, List<String>> kinds = kinds();
    long around = around();
    var measured = new LinkedHashMap<String, Measured>();
    kinds.keySet().forEach(kind -> measured.put(kind, new Measured(requests)));
    // The first request of a kind finds nothing in memory, and is not one of those that count.
    for (List<String> paths : kinds.values()) {
      if (!paths.isEmpty() && System.nanoTime() < end) {
        ask(paths, new Measured(1));
      }
    }
    long begun = System.nanoTime();
    var asked = new AtomicLong();
    crowd(kinds, measured, asked);
    double took = (System.nanoTime() - begun) / 1e9;
    System.out.printf(
        "%,d requests of %d readers in %.1f s; what a page brings with it: %.1f kB%n",
        asked.get(), readers, took, around / 1e3);
    System.out.printf(
        "%-18s %6s %8s %8s %8s %8s %9s %9s%n",
        "", "", "p50 ms", "p95 ms", "p99 ms", "most ms", "mean kB", "whole kB");
    measured.forEach((kind, of) -> System.out.println(of.line(kind, around)));
    return 0;
  }

  private void crowd(
      Map<String, List<String>> kinds, Map<String, Measured> measured, AtomicLong asked)
      throws InterruptedException {
    var done = new CountDownLatch(readers);
    var failures = new ConcurrentHashMap<String, Integer>();
    List<String> names =
        kinds.keySet().stream()
            .filter(kind -> !kinds.getOrDefault(kind, List.of()).isEmpty())
            .toList();
    for (int reader = 0; reader < readers; reader++) {
      int first = reader;
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  for (int i = first; System.nanoTime() < end; i++) {
                    if (asked.get() >= (long) requests * names.size()) {
                      return;
                    }
                    String kind = names.get(i % names.size());
                    Measured of = measured.get(kind);
                    if (of != null) {
                      ask(kinds.getOrDefault(kind, List.of()), of);
                      asked.incrementAndGet();
                    }
                  }
                } catch (IOException | InterruptedException e) {
                  failures.merge(e.toString(), 1, Integer::sum);
                } finally {
                  done.countDown();
                }
              });
    }
    done.await();
    failures.forEach((what, times) -> System.out.println(times + " readers gave up: " + what));
  }

  private void ask(List<String> paths, Measured of) throws IOException, InterruptedException {
    String path = paths.get(ThreadLocalRandom.current().nextInt(paths.size()));
    long begun = System.nanoTime();
    try {
      HttpResponse<byte[]> answer = ask(path);
      of.add(System.nanoTime() - begun, answer.body().length, answer.statusCode());
    } catch (HttpTimeoutException e) {
      of.add(System.nanoTime() - begun, 0, 0);
    }
  }

  private HttpResponse<byte[]> ask(String path) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(url.resolve(path)).header("Accept-Encoding", "gzip");
    request.timeout(Duration.ofNanos(Math.max(1_000_000_000L, end - System.nanoTime())));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private String text(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = ask(path);
    if (answer.statusCode() != 200) {
      throw new IOException(url.resolve(path) + " answers " + answer.statusCode());
    }
    if (!answer.headers().firstValue("Content-Encoding").orElse("").equals("gzip")) {
      return new String(answer.body(), StandardCharsets.UTF_8);
    }
    try (var in = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// How many octets the files are that each page needs.
  private long around() throws IOException, InterruptedException {
    long all = 0;
    for (String file : found(text("/"), "(?:href|src)=\"(/static/[^\"]+)\"")) {
      all += ask(file).body().length;
    }
    return all;
  }

  private static List<String> found(String text, String expression) {
    Matcher matcher = Pattern.compile(expression).matcher(text);
    var found = new ArrayList<String>();
    while (matcher.find()) {
      if (!found.contains(matcher.group(1))) {
        found.add(matcher.group(1));
      }
    }
    return found;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// Addresses of each kind of page.
  private Map<String, List<String>> kinds() throws IOException, InterruptedException {
    List<String> neighbors =
        found(text("/api/v1/neighbors?limit=100"), "\"name\":\"([^\"\\\\]+)\"").stream()
            .map(PageLatency::encoded)
            .toList();
    var prefixes = new ArrayList<String>();
    var origins = new ArrayList<String>();
    var communities = new ArrayList<String>();
    var hops = new ArrayList<String>();
    for (int i = 0; i < 400 && prefixes.size() < SAMPLES; i++) {
      String within = 1 + random.nextInt(223) + "." + random.nextInt(256) + ".0.0/16";
      found(text("/api/v1/prefixes?limit=2&within=" + within), "\"prefix\":\"([^\"]+)\"").stream()
          .limit(1)
          .forEach(prefixes::add);
    }
    prefixes.addAll(
        found(text("/api/v1/prefixes?limit=10&within=2000::/3"), "\"prefix\":\"([^\"]+)\""));
    for (String prefix : prefixes) {
      String routes = text("/api/v1/routes?limit=10&prefix=" + prefix);
      merge(origins, found(routes, "\"origin_as\":([0-9]+)"));
      merge(communities, found(routes, "\"communities\":\"([0-9]+:[0-9]+)"));
      merge(hops, found(routes, "\"next_hop\":\"([0-9a-f.:]+)\""));
    }
    List<String> packets =
        found(text("/api/v1/packets?limit=50&type=update"), "\"id\":\"?([0-9]+)");
    String at = "at=" + Instant.now().minusSeconds(60).toString().replaceFirst("\\..*", "Z");
    var kinds = new LinkedHashMap<String, List<String>>();
    kinds.put("dashboard", List.of("/"));
    kinds.put("dashboard, week", List.of("/?w=7d"));
    kinds.put("neighbors", List.of("/neighbors"));
    kinds.put("neighbor", each(neighbors, "/neighbor/%s"));
    kinds.put("its routes", each(neighbors, "/neighbor/%s/routes"));
    kinds.put("its sessions", each(neighbors, "/neighbor/%s/sessions"));
    kinds.put("prefixes", List.of("/prefixes"));
    kinds.put("prefix", each(prefixes, "/prefix/%s"));
    kinds.put("prefix, then", each(prefixes, "/prefix/%s?" + at));
    kinds.put("its history", each(prefixes, "/prefix/%s/history"));
    kinds.put("as", each(origins, "/as/%s"));
    kinds.put("community", each(communities, "/community/%s"));
    kinds.put("next hop", each(hops, "/next-hop/%s"));
    kinds.put(
        "search",
        each(prefixes.stream().map(p -> p.replaceFirst("/.*", "")).toList(), "/search?q=%s"));
    kinds.put(
        "search, typing",
        each(
            prefixes.stream().map(p -> p.replaceFirst("/.*", "")).toList(),
            "/api/v1/search?limit=20&q=%s"));
    kinds.put("packets", List.of("/packets"));
    kinds.put("packet", each(packets, "/packet/%s"));
    kinds.put("live", List.of("/live"));
    kinds.put("api, routes", each(prefixes, "/api/v1/routes?prefix=%s"));
    kinds.put("api, history", each(prefixes, "/api/v1/history?prefix=%s"));
    return kinds;
  }

  private static void merge(List<String> all, List<String> more) {
    for (String each : more) {
      if (all.size() < SAMPLES && !all.contains(each)) {
        all.add(each);
      }
    }
  }

  private static List<String> each(List<String> values, String path) {
    return values.stream().map(value -> path.replace("%s", value)).toList();
  }
}
