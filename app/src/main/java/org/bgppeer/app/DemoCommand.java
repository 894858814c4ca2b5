package org.bgppeer.app;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `demo`: a collector with three simulated routers, for a first look.
@Command(
    name = "demo",
    header = "See it at work with simulated routers, nothing to configure.",
    description = {
      "%nStarts a collector and three simulated routers that speak real BGP with it on this"
          + " machine: two transit providers, of which one loses its session now and then, and the"
          + " route server of an exchange, with ADD-PATH. The prefixes and their origins are real,"
          + " the rest is made up. Needs no privileges; the ports are free ones if the usual ones"
          + " are taken. Stops on Ctrl-C.%n"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DemoCommand implements Callable<Integer> {
  @ParentCommand private Main program;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Keep the data here, and go on with it the next time. Default: a temporary directory,"
              + " gone afterwards.")
  private @Nullable Path data;

  @Option(
      names = "--web",
      paramLabel = "ADDRESS:PORT",
      description = "Where the pages are. Default: 127.0.0.1:8179, or another port if it is taken.")
  private @Nullable InetSocketAddress web;

  @Override
  public Integer call() throws Failure, InterruptedException {
    if (program.verbose()) {
      Logging.ofServer(true);
    } else {
      Logging.quiet(); // what happens to the neighbors is what the pages are for
    }
    Console console = program.console();
    var demo = new Demo(console, data, web, program.verbose());
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(
                    () -> {
                      demo.close();
                      stopped.countDown();
                    }));
    try {
      demo.start();
    } catch (Failure e) {
      demo.close();
      throw e;
    }
    stopped.await();
    return Failure.DONE;
  }
}
