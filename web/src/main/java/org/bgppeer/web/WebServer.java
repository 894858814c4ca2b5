package org.bgppeer.web;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import java.util.concurrent.atomic.AtomicReference;
import org.bgppeer.store.Queries;

/// The frontend: an HTTP server over the database. It only reads.
public final class WebServer implements AutoCloseable {
  private final Javalin javalin;

  private final Site site;

  private WebServer(Javalin javalin, Site site) {
    this.javalin = javalin;
    this.site = site;
  }

  /// Starts to listen.
  ///
  /// @throws io.javalin.util.JavalinBindException if the address is taken or not permitted
  public static WebServer start(Queries queries, WebConfig config) {
    var sites = new AtomicReference<Site>();
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
              var site = new Site(queries, config, settings.routes);
              Pages.addTo(site);
              sites.set(site);
            });
    javalin.start(config.address(), config.port());
    return new WebServer(javalin, sites.get());
  }

  /// The port it listens on.
  public int port() {
    return javalin.port();
  }

  /// Stops listening and ends what is under way.
  @Override
  public void close() {
    site.close();
    javalin.stop();
  }
}
