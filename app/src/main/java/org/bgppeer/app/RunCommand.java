package org.bgppeer.app;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/// `run`: the collector and its pages, until it is stopped.
@Command(
    name = "run",
    header = "Collect: sessions, journal, database, pages.",
    description = {
      "%nCollects: connects to the configured neighbors and waits for their connections, keeps"
          + " every packet and every route, serves the pages. Stops orderly on Ctrl-C or SIGTERM;"
          + " after a crash it goes on where it was.%n"
    },
    footer = {
      "",
      "  ./bgp-peer run -c bgp-peer.yaml",
      "  ./bgp-peer run --local-as 64512 --router-id 192.0.2.10 \\",
      "                 --neighbor 192.0.2.1,as=64500 --neighbor 2001:db8::1,as=64501,passive"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RunCommand implements Callable<Integer> {
  @ParentCommand private Main program;
  @Mixin private RunOptions options;

  @Override
  public Integer call() throws Failure, InterruptedException {
    Logging.ofServer(program.verbose());
    Configuration configuration = options.read();
    Console console = program.console();
    configuration.warnings().forEach(warning -> console.hint("warning: " + warning));
    Rooms rooms = Rooms.open(configuration);
    var reload = new Reload(options::read, rooms, configuration);
    rooms.takeOrders(configuration.data(), reload);
    Hangup.onHangup(() -> reload.applyAndLog("SIGHUP"));
    Path file = options.file();
    if (configuration.watch() && file != null) {
      reload.watch(file);
    }
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(
                    () -> {
                      console.hint("stopping ...");
                      rooms.close();
                      console.hint("stopped; nothing is lost");
                      stopped.countDown();
                    }));
    greet(console, configuration, rooms);
    stopped.await();
    return Failure.DONE;
  }

  private static void greet(Console console, Configuration configuration, Rooms rooms) {
    console.line(
        "bgp-peer " + Main.version() + ", collector " + Summary.collector(configuration.local()));
    console.line("data       " + configuration.data().toAbsolutePath());
    String db = configuration.db();
    if (db != null) {
      console.line("database   " + Summary.database(db));
    }
    console.line(
        "listening  "
            + (rooms.listening().isEmpty()
                ? "nowhere, we only connect to others"
                : rooms.listening().stream().map(Address::text).collect(Collectors.joining(", "))));
    console.line("neighbors  " + configuration.neighbors().size());
    if (configuration.web() != null) {
      console.line(
          "web        "
              + Address.url(
                  configuration.web(),
                  rooms.webPort(),
                  configuration.reach().certificate() != null));
    }
  }
}
