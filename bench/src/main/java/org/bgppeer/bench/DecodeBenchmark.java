package org.bgppeer.bench;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bgppeer.wire.AttributeSet;
import org.bgppeer.wire.DecodeContext;
import org.bgppeer.wire.DecodeTree;
import org.bgppeer.wire.NlriBlock;
import org.bgppeer.wire.Octets;
import org.bgppeer.wire.PathAttribute;
import org.bgppeer.wire.Update;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/// What it takes to decode a usual UPDATE (6 attributes, 6 prefixes), as the store does it: check
/// it, cut out its attribute set, look that up, walk the routes; and, if the set is new, make the
/// texts of its columns. Run it with
///
///     java -cp bench/target/bench.jar org.openjdk.jmh.Main Decode -prof gc
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecodeBenchmark {
  private static final int ROUTES = 1000;

  private final byte[] message =
      message(
          "40010100" // ORIGIN
              + "4002120204 0000fbf4 0000fbf5 00000d1c fa56ea01" // AS_PATH
              + "400304c0000201" // NEXT_HOP
              + "80040400000064" // MULTI_EXIT_DISC
              + "c00810 fbf40001 fbf40002 fbf4029a 0d1c0003" // COMMUNITIES
              + "c0200c 0000fbf4 00000001 00000002", // LARGE_COMMUNITIES
          "18c63364 18cb0071 17c01200 16 646400 18c00002 14 0a0010".replace(" ", ""));
  private final Map<Octets, Long> sets = new HashMap<>();
  private final NlriBlock table;
  private final byte[] key = new byte[17];

  public DecodeBenchmark() {
    sets.put(Octets.of(set(update())), 7L);
    var routes = new StringBuilder();
    for (int i = 0; i < ROUTES; i++) {
      routes.append("18%06x".formatted(0x0b0000 + i));
    }
    byte[] many = message("40010100 4002060201 0000fbf4 400304c0000201", routes.toString());
    table = Update.decode(many, 0, many.length, DecodeContext.AS4).announced().getFirst();
  }

  /// Its attribute set was seen before.
  @Benchmark
  public long seenBefore() {
    var update = update();
    Long id = sets.get(Octets.of(set(update)));
    return walk(update.announced().getFirst()) + (id == null ? 0 : id);
  }

  /// Its attribute set is new: the columns of it are made.
  @Benchmark
  public long notSeen(Blackhole hole) {
    var update = update();
    byte[] set = set(update);
    hole.consume(AttributeSet.decode(set));
    return walk(update.announced().getFirst());
  }

  /// Just the check that a session makes.
  @Benchmark
  public Update check() {
    return update();
  }

  /// The attributes as objects.
  @Benchmark
  public void objects(Blackhole hole) {
    for (PathAttribute attribute : update().attributes()) {
      hole.consume(attribute);
    }
  }

  /// The tree of a packet's page and of `decode --format json`.
  @Benchmark
  public DecodeTree tree() {
    return DecodeTree.of(message, 0, message.length, DecodeContext.AS4);
  }

  /// One prefix of many.
  @Benchmark
  @OperationsPerInvocation(ROUTES)
  public long route() {
    return walk(table);
  }

  private Update update() {
    return Update.decode(message, 0, message.length, DecodeContext.AS4);
  }

  private static byte[] set(Update update) {
    return update.attributeSet(update.announced().getFirst());
  }

  private long walk(NlriBlock block) {
    long sum = 0;
    for (var cursor = block.cursor(); cursor.next(); ) {
      cursor.copyKey(key, 0);
      sum += key[3] + cursor.pathId();
    }
    return sum;
  }

  private static byte[] message(String attributes, String routes) {
    String attributeHex = attributes.replace(" ", "");
    String body = "0000" + "%04x".formatted(attributeHex.length() / 2) + attributeHex + routes;
    return HexFormat.of()
        .parseHex("ff".repeat(16) + "%04x02".formatted(19 + body.length() / 2) + body);
  }
}
