package org.bgppeer.app;

import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.bgppeer.store.Database;
import org.bgppeer.web.WebServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `web`: the pages alone, over the database of a collector that may run or not.
@Command(
    name = "web",
    header = "Only the pages, over a database that is there.",
    description = {
      "%nServes the pages over the database that is there, without collecting: for a copy of a data"
          + " directory, or beside a collector that was started with --no-web.%n"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class WebCommand implements Callable<Integer> {
  @ParentCommand private Main program;
  @Mixin private DataOption data;

  @Option(
      names = "--web",
      paramLabel = "ADDRESS:PORT",
      description = "Where the pages are. Default: 127.0.0.1:8179.")
  private InetSocketAddress address = ConfigurationReader.DEFAULT_WEB;

  @Override
  public Integer call() throws Failure, InterruptedException {
    Logging.ofServer(program.verbose());
    DataDirectory directory = data.directory();
    Database database = directory.openToRead();
    WebServer server;
    try {
      server = Rooms.serve(database, directory, null, address);
    } catch (Failure e) {
      database.close();
      throw e;
    }
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(
                    () -> {
                      server.close();
                      database.close();
                      stopped.countDown();
                    }));
    program.console().line("web  " + Address.url(address, server.port()));
    stopped.await();
    return Failure.DONE;
  }
}
