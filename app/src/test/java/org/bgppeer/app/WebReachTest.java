package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bgppeer.web.Users;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebReachTest {
  private static final InetSocketAddress EVERYWHERE = new InetSocketAddress("0.0.0.0", 8179);
  private static final InetSocketAddress HERE = new InetSocketAddress("127.0.0.1", 8179);

  @TempDir private Path directory;
  private DataDirectory data;

  @BeforeEach
  void aDataDirectory() {
    data = new DataDirectory(directory, null);
  }

  @Test
  void beyondThisMachineNobodyReadsUnlessItIsSaidOrThereAreUsers() throws Exception {
    assertThat(WebReach.LOCAL.access(data, HERE).openWithoutUsers()).isTrue();
    assertThatThrownBy(() -> WebReach.LOCAL.access(data, EVERYWHERE))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("./bgp-peer user NAME")
        .hasMessageContaining("--public-read-only");
    var meant = new WebReach(true, null, null);
    assertThat(meant.access(data, EVERYWHERE).publicReadOnly()).isTrue();

    Users.put(data.users(), "anna", Users.Role.VIEWER, "correct horse");
    assertThat(WebReach.LOCAL.access(data, EVERYWHERE).publicReadOnly()).isFalse();
    assertThat(WebReach.LOCAL.access(data, HERE).users()).isNotNull();
    assertThat(WebReach.LOCAL.access(data, EVERYWHERE).openWithoutUsers()).isFalse();
    assertThat(meant.access(data, EVERYWHERE).publicReadOnly()).isTrue();
  }

  @Test
  void aCertificateAndItsKeyBelongTogether() {
    assertThatThrownBy(() -> new WebReach(false, Path.of("x"), null).access(data, HERE))
        .hasMessageContaining("--tls-certificate FILE --tls-key FILE");
  }

  @Test
  void usersAreMadeListedAndRemovedByACommand() throws Exception {
    Path password = Files.writeString(directory.resolve("password"), "correct horse\n");
    Object[] who = {"--data", directory};
    assertThat(user(who, "anna", "--role", "operator", "--password-file", password).out())
        .isEqualTo("anna is an operator now\n");
    String token = user(who, "grafana", "--token").out().strip();
    assertThat(Users.of(data.users()).all()).hasSize(2);
    assertThat(token).startsWith("bgp_").hasSizeGreaterThan(40);
    assertThat(user(who).lines()).containsExactly("anna operator", "grafana viewer (token)");

    Files.writeString(password, "short");
    assertThat(user(who, "bert", "--password-file", password).err()).contains("8 characters");
    assertThat(user(who, "bert", "--role", "boss", "--token").status()).isEqualTo(2);
    assertThat(user(who, "anna", "--remove").status()).isZero();
    assertThat(user(who, "anna", "--remove").err()).contains("there is no user 'anna'");
  }

  private static Ran user(Object[] data, Object... more) {
    var words = new java.util.ArrayList<Object>();
    words.add("user");
    words.addAll(java.util.List.of(data));
    words.addAll(java.util.List.of(more));
    return Ran.of(words.toArray());
  }
}
