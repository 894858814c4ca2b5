package org.bgppeer.web;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import java.util.concurrent.CountDownLatch;
import org.bgppeer.store.Queries;

/// The frontend: an HTTP server over the database. It only reads.
public final class WebServer implements AutoCloseable {
  private final Javalin javalin;

  private final CountDownLatch closing;

  private WebServer(Javalin javalin, CountDownLatch closing) {
    this.javalin = javalin;
    this.closing = closing;
  }

  /// Starts to listen.
  ///
  /// @throws io.javalin.util.JavalinBindException if the address is taken or not permitted
  public static WebServer start(Queries queries, WebConfig config) {
    var closing = new CountDownLatch(1);
    var javalin =
        Javalin.create(
            settings -> {
              settings.startup.showJavalinBanner = false;
              settings.startup.showOldJavalinVersionWarning = false;
              settings.startup.startupWatcherEnabled = false;
              settings.http.compressionStrategy = CompressionStrategy.GZIP;
              settings.http.generateEtags = false;
              settings.concurrency.useVirtualThreads = true;
              settings.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
              var site = new Site(queries, config, settings.routes, closing);
              Pages.addTo(site);
            });
    javalin.start(config.address(), config.port());
    return new WebServer(javalin, closing);
  }

  /// The port it listens on.
  public int port() {
    return javalin.port();
  }

  /// Stops listening and ends what is under way.
  @Override
  public void close() {
    closing.countDown();
    javalin.stop();
  }
}
