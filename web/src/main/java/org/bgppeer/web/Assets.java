package org.bgppeer.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.bgppeer.wire.Octets;
import org.jspecify.annotations.Nullable;

/// The static files: read once from the class path, served under a name that has a hash of their
/// content in it. So a browser may keep them for ever and never shows an old one.
final class Assets {
  private static final Map<String, String> TYPES =
      Map.of(
          "app.css", "text/css; charset=utf-8",
          "app.js", "text/javascript; charset=utf-8",
          "favicon.svg", "image/svg+xml");

  /// @param content the whole file
  record Asset(String type, Octets content) {}

  private final Map<String, Asset> byAddress = new HashMap<>();
  private final Map<String, String> addresses = new HashMap<>();

  Assets() {
    TYPES.forEach(
        (name, type) -> {
          byte[] content = read(name);
          int dot = name.lastIndexOf('.');
          String file = name.substring(0, dot) + "." + hash(content) + name.substring(dot);
          byAddress.put(file, new Asset(type, Octets.of(content)));
          addresses.put(name, "/static/" + file);
        });
  }

  /// Where a file is served.
  ///
  /// @param name of the file, without version
  String address(String name) {
    String address = addresses.get(name);
    if (address == null) {
      throw new IllegalArgumentException("no static file " + name);
    }
    return address;
  }

  /// The file of this name with version; null if there is none.
  @Nullable Asset asset(String file) {
    return byAddress.get(file);
  }

  private static byte[] read(String name) {
    try (InputStream in = Assets.class.getResourceAsStream("static/" + name)) {
      if (in == null) {
        throw new IllegalStateException("static/" + name + " is missing from the program");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("static/" + name + " cannot be read", e);
    }
  }

  private static String hash(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
