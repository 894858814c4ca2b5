package org.bgppeer.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bgppeer.web.Users;
import org.bgppeer.web.WebAccess;
import org.jspecify.annotations.Nullable;

/// Who may reach the pages, as it was configured.
///
/// @param publicReadOnly whether everybody may read
/// @param certificate, key files in PEM for HTTPS; both or none
record WebReach(boolean publicReadOnly, @Nullable Path certificate, @Nullable Path key) {
  /// Whoever is on this machine.
  static final WebReach LOCAL = new WebReach(false, null, null);

  /// The same with the users of a data directory, for an address.
  ///
  /// @throws Failure if the address is not of this machine alone, and nothing says who may read
  WebAccess access(DataDirectory data, InetSocketAddress address) throws Failure {
    Path file = data.users();
    boolean users = Files.exists(file);
    if (!address.getAddress().isLoopbackAddress() && !users && !publicReadOnly) {
      throw new Failure(
          Failure.WRONG_USAGE,
          "the pages on "
              + Address.text(address)
              + " could be read by everybody who reaches that address; make a user (./bgp-peer user"
              + " NAME), or say that it is meant with --public-read-only, or keep 127.0.0.1");
    }
    if ((certificate == null) != (key == null)) {
      throw new Failure(
          Failure.WRONG_USAGE,
          "a certificate and its key belong together: --tls-certificate FILE --tls-key FILE");
    }
    try {
      return new WebAccess(
          Users.of(file),
          publicReadOnly,
          address.getAddress().isLoopbackAddress(),
          certificate,
          key,
          words -> {
            try {
              return ControlSocket.ask(data.root(), words.toArray(String[]::new));
            } catch (Failure e) {
              throw new WebAccess.Refused(String.valueOf(e.getMessage()), e);
            }
          },
          data.root().resolve("audit.log"));
    } catch (IOException e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    }
  }
}
