package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.bgppeer.session.ScriptedPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A data directory on a small file system of its own. Without the right to mount one, as most
/// users, it is skipped.
@Timeout(180)
class FullDiskTest {
  private static final String ROUTER = "127.77.4.1";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final SentSessions sent = new SentSessions();
  private Path data = Path.of("");
  private Path log = Path.of("");

  @BeforeEach
  void mount() throws Exception {
    data = Files.createDirectory(directory.resolve("data"));
    log = directory.resolve("log");
    assumeTrue(
        execute("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", data.toString()),
        "this user may not mount a file system");
  }

  @AfterEach
  void unmount() throws Exception {
    execute("umount", data.toString());
  }

  private static boolean execute(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // no such program
    }
  }

  private void awaitSaid(String words) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.readString(log).contains(words)) {
      assertThat(System.nanoTime()).as("it says: %s", words).isLessThan(deadline);
      LockSupport.parkNanos(50_000_000);
    }
  }

  @Test
  void theSessionStaysAndWhenThereIsRoomAgainEverythingIsThere() throws Exception {
    Path configuration =
        Files.writeString(
            directory.resolve("bgp-peer.yaml"),
            """
            local-as: 64512
            router-id: 192.0.2.10
            listen: 127.77.4.10:0
            data: %s
            web: none
            neighbors:
              - {address: %s, as: 64501, name: r1, passive: true}
            """
                .formatted(data, ROUTER));
    try (var collector = CollectorProcess.startWithoutPages(configuration, log);
        var peer = ScriptedPeer.dial(collector.address(), ROUTER)) {
      peer.establish(64501, 90);
      var session = sent.begin(peer, 64501);
      int number = 0;
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!Files.readString(log).contains("write-refused")) {
        assertThat(System.nanoTime()).as("the disk is full at last").isLessThan(deadline);
        for (int i = 0; i < 100; i++, number++) {
          session.announce(prefixes(number));
        }
      }
      awaitSaid("not written: the disk is full; make room");
      session.withdraw(prefixes(0));
      Ran ran = Ran.of("routes", "--count", "--data", data);
      assertThat(ran.status() == 0 ? "the disk is full" : ran.err()).contains("the disk is full");

      assertThat(execute("mount", "-o", "remount,size=200m", data.toString())).isTrue();
      awaitSaid("write-resumed");
      awaitSaid("is written again");
      session.announce("192.0.2.0/24");
      session.endOfRib();
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (Ran.of("routes", "192.0.2.0/24", "--active", "--data", data).lines().size() < 2) {
        assertThat(System.nanoTime()).as("the database catches up").isLessThan(end);
      }
      collector.stop();
    }

    assertThat(Files.readAllLines(log))
        .noneMatch(line -> line.startsWith("\tat ") || line.contains("Exception"))
        .filteredOn(line -> line.contains("down neighbor=r1"))
        .as("only our stop ended the session")
        .singleElement()
        .asString()
        .contains("cause=COLLECTOR_STOPPED");
    List<String> active =
        Contents.rows(
            data.resolve("bgp-peer.db"),
            "SELECT n.address, r.prefix, r.med FROM routes r JOIN neighbor n ON n.name = r.neighbor"
                + " WHERE r.active");
    assertThat(active.stream().sorted().toList())
        .isEqualTo(sent.model(data.resolve("journal")).stream().sorted().toList());
  }

  private static String[] prefixes(int number) {
    return IntStream.range(0, 20)
        .map(i -> number * 20 + i)
        .mapToObj(i -> "10." + i / 256 % 256 + "." + i % 256 + "." + (i / 65536 * 16) + "/28")
        .toArray(String[]::new);
  }
}
