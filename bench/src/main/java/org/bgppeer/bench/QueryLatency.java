package org.bgppeer.bench;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.bgppeer.journal.Position;
import org.bgppeer.store.Database;
import org.bgppeer.store.Projector;
import org.bgppeer.store.Queries;
import org.bgppeer.store.Records;
import org.bgppeer.store.RouteQuery;
import org.bgppeer.store.RouteQuery.Match;
import org.bgppeer.store.RouteRow;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.MrtError;
import org.bgppeer.wire.MrtRecord;
import org.bgppeer.wire.Prefix;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/// How long a question takes in a database of many tables, while routes change: the records come
/// from memory, so that nothing but the store is at work.
@CommandLine.Command(
    name = "query-latency",
    mixinStandardHelpOptions = true,
    description =
        "Fills a database with whole tables of some neighbors, lets routes change, and prints how"
            + " long questions take meanwhile.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class QueryLatency implements Callable<Integer> {
  private static final long OUR_AS = 64_512;
  private static final int FIRST_AS = 65_001;
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  @Option(names = "--neighbors", description = "How many send the table. Default: 10.")
  private int neighbors = 10;

  @Option(names = "--ipv4", description = "Routes of the table. Default: 1000000.")
  private int ipv4 = 1_000_000;

  @Option(names = "--ipv6", description = "Routes of the table. Default: 200000.")
  private int ipv6 = 200_000;

  @Option(
      names = "--churn",
      split = ",",
      description =
          "Routes that change in a second meanwhile, one round each. Default: 1000,20000.")
  private int[] churn = {1_000, 20_000};

  @Option(names = "--questions", description = "Of each kind. Default: 1000.")
  private int questions = 1_000;

  @Option(names = "--slow", description = "Of the kinds that look at all. Default: 20.")
  private int slow = 20;

  @Option(
      names = "--data",
      description = "Where the database goes; one that is there is used. Default: a new directory.")
  private @Nullable Path data;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new QueryLatency()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Path directory = data == null ? Files.createTempDirectory("bgp-peer-bench") : data;
    Files.createDirectories(directory);
    var tables = new Tables(SyntheticTable.of(ipv4, ipv6));
    long begun = System.nanoTime();
    try (var database = Database.open(directory.resolve("bgp-peer.db"));
        var projector =
            Projector.start(database, Database.LIVE, tables::open, InstantSource.system())) {
      Queries queries = database.queries(null);
      long wanted = (long) neighbors * (ipv4 + ipv6);
      while (queries.count(RouteQuery.all(1)) < wanted) {
        Thread.sleep(200);
      }
      System.out.printf(
          "%,d routes of %d neighbors in %.1f s%n", wanted, neighbors, seconds(begun));
      awaitOrigins(directory.resolve("bgp-peer.db"));
      System.out.printf("the index of origin ASes has all of them after %.1f s%n", seconds(begun));
      var loaded = tables.now();
      var some = routes(queries);
      for (int changes : churn) {
        tables.change(changes);
        ask(queries, some, loaded);
        System.out.printf("%,.0f routes changed in a second%n", tables.rate());
      }
      if (projector.committed() == null) {
        throw new IllegalStateException("nothing was written");
      }
    }
    return 0;
  }

  private static double seconds(long begun) {
    return (System.nanoTime() - begun) / 1e9;
  }

  /// A question about some route that is there.
  private interface Question {
    int ask(RouteRow route);
  }

  private static void awaitOrigins(Path file) throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var left = connection.prepareStatement("SELECT count(*) FROM origin_todo")) {
      while (true) {
        try (var row = left.executeQuery()) {
          if (row.getInt(1) == 0) {
            return;
          }
        }
        Thread.sleep(200);
      }
    }
  }

  private RouteRow[] routes(Queries queries) {
    var random = new SplittableRandom(7);
    var some = new RouteRow[questions];
    for (int i = 0; i < questions; i++) {
      // somewhere in the table of a neighbor: at the key behind a random address
      String neighbor = "10.0.0." + (1 + random.nextInt(neighbors));
      byte[] address = {
        (byte) random.nextInt(256), (byte) random.nextInt(256), (byte) random.nextInt(256), 0
      };
      var match = queries.longestMatch(Prefix.of(address, 32));
      var query = RouteQuery.all(1).withNeighbor(neighbor);
      some[i] =
          queries
              .routes(match.isPresent() ? query.withPrefix(match.get(), Match.EXACT) : query)
              .routes()
              .getFirst();
    }
    return some;
  }

  /// @param loaded when all tables were there, and nothing had changed
  private void ask(Queries queries, RouteRow[] some, Instant loaded) {
    var few = Arrays.copyOf(some, Math.min(slow, some.length));
    System.out.println("question                                   median      p99      max  rows");
    time(
        "longest match of an address, its routes",
        some,
        route -> {
          byte[] octets = Prefix.parse(route.prefix()).address();
          var address = Prefix.of(octets, octets.length * 8);
          return queries
              .routes(RouteQuery.all(100).withPrefix(address, Match.LONGEST).withInner(true))
              .routes()
              .size();
        });
    time(
        "a prefix, its routes",
        some,
        route ->
            queries
                .routes(RouteQuery.all(100).withPrefix(Prefix.parse(route.prefix()), Match.EXACT))
                .routes()
                .size());
    time(
        "a prefix, its history",
        some,
        route -> queries.history(Prefix.parse(route.prefix()), 1000).size());
    time(
        "the prefixes that cover one",
        some,
        route -> queries.covering(Prefix.parse(route.prefix())).size());
    var all = RouteQuery.all(50);
    time("a page of 50 of a neighbor's routes", some, page(queries, all));
    time(
        "longest match as of the load's end",
        some,
        route -> {
          byte[] octets = Prefix.parse(route.prefix()).address();
          var address = Prefix.of(octets, octets.length * 8);
          return queries
              .routes(RouteQuery.all(100).withPrefix(address, Match.LONGEST).withAt(loaded))
              .routes()
              .size();
        });
    time("a page of a neighbor as of that", some, page(queries, all.withAt(loaded)));
    time(
        "a page of 50 of an origin AS",
        some,
        route -> queries.routes(all.withOriginAs(route.originAs())).routes().size());
    time(
        "a page of 50 prefixes of an origin AS",
        some,
        route ->
            queries.originated(Objects.requireNonNull(route.originAs()), null, 50).rows().size());
    time(
        "the same routes as of the load's end",
        some,
        route -> queries.routes(all.withOriginAs(route.originAs()).withAt(loaded)).routes().size());
    time(
        "a page of 50 with an AS in the path",
        few,
        route ->
            queries
                .routes(all.withPathAs(Long.valueOf(route.asPath().split(" ")[2])))
                .routes()
                .size());
    time(
        "a page of 50 of a community",
        few,
        route ->
            queries
                .routes(
                    all.withCommunity(
                        route.communities().isEmpty()
                            ? "no-export"
                            : route.communities().split(" ")[0]))
                .routes()
                .size());
    time(
        "a page of 50 of a next hop",
        few,
        route -> queries.routes(all.withNextHop(route.nextHop())).routes().size());
    time("all neighbors as of the load's end", few, _ -> queries.neighbors(loaded).size());
  }

  /// The pages of the neighbors, one after the other.
  private static Question page(Queries queries, RouteQuery query) {
    var after = new HashMap<String, @Nullable String>();
    return route -> {
      String neighbor = route.neighbor();
      var page = queries.routes(query.withNeighbor(neighbor).withAfter(after.get(neighbor)));
      after.put(neighbor, page.next());
      return page.routes().size();
    };
  }

  private static void time(String what, RouteRow[] about, Question question) {
    for (int i = 0; i < Math.min(200, about.length / 5); i++) {
      question.ask(about[i]);
    }
    var nanos = new long[about.length];
    long rows = 0;
    for (int i = 0; i < about.length; i++) {
      long begun = System.nanoTime();
      rows += question.ask(about[i]);
      nanos[i] = System.nanoTime() - begun;
    }
    Arrays.sort(nanos);
    System.out.printf(
        "%-40s %6.2f ms %6.2f ms %6.2f ms %5d%n",
        what,
        nanos[nanos.length / 2] / 1e6,
        nanos[nanos.length * 99 / 100] / 1e6,
        nanos[nanos.length - 1] / 1e6,
        rows / nanos.length);
  }

  /// The tables of all neighbors, one after the other, then UPDATEs of all as before, changed.
  private final class Tables {
    private final byte[] messages;
    private final double routesAMessage;
    private final AtomicLong number = new AtomicLong();
    private volatile int churn;
    private volatile long begun;
    private final AtomicLong changed = new AtomicLong();

    Tables(byte[] messages) {
      this.messages = messages;
      int count = 0;
      for (int at = 0; at < messages.length; at += octets(at)) {
        count++;
      }
      routesAMessage = (double) (ipv4 + ipv6) / count;
    }

    /// From now on so many routes change in a second.
    void change(int routes) {
      begun = System.nanoTime();
      changed.set(0);
      churn = routes;
      System.out.printf("%nmeanwhile %,d routes shall change in a second%n", routes);
    }

    /// How many changed in a second.
    double rate() {
      return changed.get() * routesAMessage / seconds(begun);
    }

    Instant now() {
      return BEGIN.plusNanos(1_000_000L * number.get());
    }

    private int octets(int at) {
      return (messages[at + 16] & 0xff) << 8 | messages[at + 17] & 0xff;
    }

    Records open(@Nullable Position from) {
      return new Records() {
        private byte[] record = {};
        private int neighbor = -1;
        private int next = messages.length;
        private final SplittableRandom random = new SplittableRandom(3);
        private int changes;

        @Override
        public boolean next(Duration wait) {
          if (neighbor == neighbors) {
            return churn > 0 && change();
          }
          if (next >= messages.length) {
            neighbor++;
            next = 0;
            if (neighbor == neighbors) {
              return false;
            }
            record =
                Mrt.stateChange(
                    now(), FIRST_AS + neighbor, OUR_AS, address(neighbor), ours(), 5, 6, null);
          } else {
            next += message(next, neighbor, 0);
          }
          number.incrementAndGet();
          return true;
        }

        /// One more UPDATE with another MED, at the pace that was asked for.
        private boolean change() {
          if ((System.nanoTime() - begun) / 1e9 * churn < changed.get() * routesAMessage) {
            LockSupport.parkNanos(200_000);
            return false;
          }
          changed.incrementAndGet();
          int at = next >= messages.length ? 0 : next;
          for (int skip = random.nextInt(8); skip > 0; skip--) {
            at = at + octets(at) >= messages.length ? 0 : at + octets(at);
          }
          message(at, random.nextInt(neighbors), ++changes);
          next = at + octets(at);
          number.incrementAndGet();
          return true;
        }

        private int message(int at, int of, int change) {
          int length = octets(at);
          byte[] message = Arrays.copyOfRange(messages, at, at + length);
          record =
              Mrt.bgp4mpMessage(
                  now(),
                  false,
                  FIRST_AS + of,
                  OUR_AS,
                  address(of),
                  ours(),
                  message,
                  0,
                  length,
                  DecodeContext.AS4);
          personal(record, of, change);
          return length;
        }

        @Override
        public byte[] buffer() {
          return record;
        }

        @Override
        public int offset() {
          return 0;
        }

        @Override
        public int length() {
          return record.length;
        }

        @Override
        public Position after() {
          return new Position("updates.20260101.0000", number.get());
        }

        @Override
        public long packet() {
          return number.get();
        }

        @Override
        public void close() {}
      };
    }
  }

  private static byte[] ours() {
    return new byte[] {10, 0, 0, (byte) 254};
  }

  private static byte[] address(int neighbor) {
    return InetAddress.ofLiteral("10.0.0." + (neighbor + 1)).getAddress();
  }

  /// Makes the path that of a neighbor: its first AS, and the second one for another version.
  private static void personal(byte[] record, int neighbor, int change) {
    try {
      int body = MrtRecord.of(record, 0, record.length).messageOffset() + 19;
      int attributes = body + 4;
      int end = attributes + ((record[body + 2] & 0xff) << 8 | record[body + 3] & 0xff);
      for (int at = attributes; at < end; ) {
        boolean extended = (record[at] & 0x10) != 0;
        int length =
            extended ? (record[at + 2] & 0xff) << 8 | record[at + 3] & 0xff : record[at + 2] & 0xff;
        int value = at + (extended ? 4 : 3);
        if (record[at + 1] == 2) {
          put(record, value + 2, FIRST_AS + neighbor);
          if (change > 0) {
            put(record, value + 6, 1 + change % 60_000);
          }
        }
        at = value + length;
      }
    } catch (MrtError e) {
      throw new IllegalStateException(e);
    }
  }

  private static void put(byte[] record, int at, int as) {
    for (int octet = 0; octet < 4; octet++) {
      record[at + octet] = (byte) (as >>> 24 - 8 * octet);
    }
  }
}
