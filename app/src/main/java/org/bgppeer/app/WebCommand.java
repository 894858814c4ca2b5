package org.bgppeer.app;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.bgppeer.store.Database;
import org.bgppeer.web.WebServer;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = "--public-read-only",
      description = "Everybody who reaches the pages may read them.")
  private boolean publicReadOnly;

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description = "HTTPS: the certificate with its chain, in PEM.")
  private @Nullable Path certificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "The key of it, in PEM.")
  private @Nullable Path key;

  @Option(
      names = "--as-names",
      paramLabel = "FILE",
      description = "What AS are called. Default: as-names.txt in the data directory.")
  private @Nullable Path asNames;

  @Override
  public Integer call() throws Failure, InterruptedException {
    Logging.ofServer(program.verbose());
    DataDirectory directory = data.directory();
    Database database = directory.openToRead();
    WebServer server;
    try {
      server =
          Rooms.serve(
              database,
              directory,
              null,
              asNames,
              address,
              new WebReach(publicReadOnly, certificate, key));
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
    program.console().line("web  " + Address.url(address, server.port(), certificate != null));
    stopped.await();
    return Failure.DONE;
  }
}
