package org.bgppeer.web;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import java.util.concurrent.CountDownLatch;
import org.bgppeer.store.Queries;
import org.eclipse.jetty.util.ssl.SslContextFactory;

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
  /// @throws IllegalArgumentException if the certificate or its key cannot be used; says why
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
              settings.jetty.modifyServer(
                  server -> server.setErrorHandler(new UnreadableRequests()));
              WebAccess access = config.access();
              if (access.certificate() != null && access.key() != null) {
                SslContextFactory.Server tls = Tls.of(access.certificate(), access.key());
                settings.jetty.addConnector(
                    (server, http) -> Tls.connector(server, http, tls, config));
              }
              var site = new Site(queries, config, settings.routes, closing);
              Pages.addTo(site);
            });
    if (config.access().certificate() == null) {
      javalin.start(config.address(), config.port());
    } else {
      javalin.start();
    }
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
