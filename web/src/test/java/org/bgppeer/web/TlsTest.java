package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private Path directory;

  private KeyStore store(String algorithm) throws Exception {
    Path file = directory.resolve(algorithm + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "web",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    var store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private Path pem(String name, String kind, byte[] octets) throws Exception {
    String text =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(
                kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(octets), kind);
    return Files.writeString(directory.resolve(name), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void withACertificateThePagesAreHttps(String algorithm) throws Exception {
    KeyStore store = store(algorithm);
    Path certificate = pem("cert.pem", "CERTIFICATE", store.getCertificate("web").getEncoded());
    Path key = pem("key.pem", "PRIVATE KEY", store.getKey("web", PASSWORD).getEncoded());
    var trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("web", store.getCertificate("web"));
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trust);
    var context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);

    try (var server =
            WebServer.start(
                StoryQueries.night(),
                WebConfig.of("127.0.0.1", 0, "test")
                    .withAccess(new WebAccess(null, true, true, certificate, key, null, null)));
        var client = HttpClient.newBuilder().sslContext(context).build()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(
                      URI.create("https://127.0.0.1:" + server.port() + "/neighbors.json"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("Baltic Backbone");
    }
  }

  @Test
  void whatIsNoCertificateOrNoKeyOfItIsSaidByName() throws Exception {
    KeyStore store = store("EC");
    Path certificate = pem("cert.pem", "CERTIFICATE", store.getCertificate("web").getEncoded());
    Path old = pem("old.pem", "RSA PRIVATE KEY", new byte[] {1, 2, 3});
    assertThatThrownBy(() -> Tls.of(certificate, old))
        .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt -in old.pem");
    Path broken = pem("broken.pem", "PRIVATE KEY", new byte[] {1, 2, 3});
    assertThatThrownBy(() -> Tls.of(certificate, broken))
        .hasMessageContaining("broken.pem is not the key of this certificate");
    assertThatThrownBy(() -> Tls.of(broken, broken)).hasMessageContaining("broken.pem");
    assertThatThrownBy(() -> Tls.of(directory.resolve("none.pem"), broken))
        .hasMessageContaining("none.pem");
  }
}
