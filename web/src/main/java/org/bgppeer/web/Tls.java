package org.bgppeer.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/// HTTPS with a certificate and its key from files in PEM, as certbot and openssl write them.
final class Tls {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----([^-]*)-----END");
  private static final char[] PASSWORD = new char[0];

  private Tls() {}

  /// @throws IllegalArgumentException if a file cannot be used; names it
  static SslContextFactory.Server of(Path certificate, Path key) {
    try (InputStream in = Files.newInputStream(certificate)) {
      Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(in)
              .toArray(Certificate[]::new);
      if (chain.length == 0) {
        throw new IllegalArgumentException(certificate + " has no certificate in PEM");
      }
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("web", privateKey(key, chain[0].getPublicKey()), PASSWORD, chain);
      var factory = new SslContextFactory.Server();
      factory.setKeyStore(store);
      factory.setKeyStorePassword("");
      return factory;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          certificate + " cannot be used as a certificate: " + e.getMessage(), e);
    }
  }

  private static PrivateKey privateKey(Path file, PublicKey of) throws IOException {
    Matcher pem = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
    if (!pem.find()) {
      throw new IllegalArgumentException(file + " has no private key in PEM");
    }
    if (!pem.group(1).isEmpty()) {
      throw new IllegalArgumentException(
          file
              + " has a key of another form ("
              + pem.group(1).strip()
              + "); write it as PKCS #8: openssl pkcs8 -topk8 -nocrypt -in "
              + file.getFileName()
              + " -out key.pem");
    }
    try {
      byte[] octets = Base64.getMimeDecoder().decode(pem.group(2));
      return KeyFactory.getInstance(of.getAlgorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(octets));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          file + " is not the key of this certificate: " + e.getMessage(), e);
    }
  }

  static ServerConnector connector(
      Server server, HttpConfiguration http, SslContextFactory.Server tls, WebConfig config) {
    var secure = new HttpConfiguration(http);
    var customizer = new SecureRequestCustomizer(false); // an address has no name to be checked
    secure.addCustomizer(customizer);
    var connector =
        new ServerConnector(
            server, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(secure));
    connector.setHost(config.address());
    connector.setPort(config.port());
    return connector;
  }
}
