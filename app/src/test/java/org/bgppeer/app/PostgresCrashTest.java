package org.bgppeer.app;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.bgppeer.store.Database;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The same with PostgreSQL, whose server is killed at random moments too: then it loses what it
/// said was committed, for the collector does not wait for its disk.
class PostgresCrashTest extends CrashTest {
  @TempDir static Path cluster;

  @SuppressWarnings("NullAway.Init") // before the test
  private static KillableServer server;

  private int databases;
  private String url = "";

  @BeforeAll
  static void startServer() throws Exception {
    server = new KillableServer(cluster);
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
  }

  @Override
  String killSomething(Random random) throws Exception {
    return switch (random.nextInt(4)) {
      case 0 -> {
        killWhileItStarts(random);
        yield "while it starts";
      }
      case 1 -> {
        killUnderLoad(random, _ -> {});
        yield "under load";
      }
      case 2 -> {
        killUnderLoad(
            random,
            _ -> {
              server.kill();
              LockSupport.parkNanos(random.nextLong(1_000_000_000));
              server.startAgain();
              // what comes next may find the collector waiting, catching up or following again
              LockSupport.parkNanos(random.nextLong(5_000_000_000L));
            });
        yield "server under load, then collector";
      }
      default -> {
        killUnderLoad(
            random,
            collector -> {
              server.kill();
              LockSupport.parkNanos(random.nextLong(500_000_000));
              collector.kill();
            });
        server.startAgain();
        yield "server and collector";
      }
    };
  }

  @Override
  void beginAnew() throws Exception {
    url = another();
  }

  @Override
  String url() {
    return url;
  }

  @Override
  String setting() {
    return "db: '" + url + "'";
  }

  @Override
  String another() throws Exception {
    String name = "crash" + ++databases;
    server.execute("postgres", "CREATE DATABASE " + name);
    return server.url(name);
  }

  @Override
  Database open(String url) throws Exception {
    return Database.open(url);
  }
}
