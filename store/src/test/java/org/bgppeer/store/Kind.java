package org.bgppeer.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// The kinds of database that a test is run with.
enum Kind {
  SQLITE,
  POSTGRESQL;

  private static final Map<Path, String> URLS = new HashMap<>();

  /// The database of a directory: a new one, or that which was opened for the same directory
  /// before.
  Database open(Path directory) throws DatabaseUnavailable, SQLException {
    return switch (this) {
      case SQLITE -> Database.open(directory.resolve("bgp-peer.db"));
      case POSTGRESQL -> Database.open(url(directory));
    };
  }

  private static synchronized String url(Path directory) throws SQLException {
    String url = URLS.get(directory);
    if (url == null) {
      url = PostgresServer.newDatabase();
      URLS.put(directory, url);
    }
    return url;
  }
}
