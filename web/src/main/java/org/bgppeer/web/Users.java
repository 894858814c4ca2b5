package org.bgppeer.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/// Who may see the pages and who may act: a file of lines, read again when it has changed.
///
/// ```
/// anna     operator  pbkdf2-sha256:600000:SALT:HASH     a password
/// grafana  viewer    sha256:HASH                        a token of 256 random bits
/// ```
///
/// A password is stretched (PBKDF2, RFC 8018 section 5.2); a token need not be: nobody can guess
/// it.
public final class Users {
  /// What OWASP asks for PBKDF2 with HMAC-SHA-256.
  private static final int ITERATIONS = 600_000;

  private static final int SALT = 16;
  private static final int KEY_BITS = 256;
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._@-]{0,63}";

  /// What somebody may do.
  public enum Role {
    /// Sees everything.
    VIEWER,
    /// Tells the collector what to do, too.
    OPERATOR
  }

  /// One of them.
  ///
  /// @param secret the hash of a password or of a token
  public record User(String name, Role role, String secret) {
    /// Whether it logs in with a password; else with a token.
    public boolean hasPassword() {
      return secret.startsWith("pbkdf2-sha256:");
    }

    @Override
    public String toString() {
      return name + " " + role.name().toLowerCase(Locale.ROOT);
    }
  }

  private final Path file;
  /// What the file was when it was read: the time of its change, its length and which file it is.
  private @Nullable String read;

  private List<User> users = List.of();

  private Users(Path file) {
    this.file = file;
  }

  /// Those of a file.
  ///
  /// @throws IOException if it cannot be read, or a line of it is none; says which
  public static Users of(Path file) throws IOException {
    var users = new Users(file);
    users.all();
    return users;
  }

  /// All of them; none if the file is gone.
  public synchronized List<User> all() throws IOException {
    if (!Files.exists(file)) {
      users = List.of();
      read = null;
      return users;
    }
    var attributes = Files.readAttributes(file, BasicFileAttributes.class);
    String changed =
        attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
    if (!changed.equals(read)) {
      var found = new ArrayList<User>();
      int number = 0;
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        number++;
        if (!line.isBlank() && !line.startsWith("#")) {
          found.add(user(line, number));
        }
      }
      users = List.copyOf(found);
      read = changed;
    }
    return users;
  }

  private User user(String line, int number) throws IOException {
    String[] words = line.strip().split("[ \\t]+");
    if (words.length == 3 && words[0].matches(NAME)) {
      for (Role role : Role.values()) {
        if (role.name().equalsIgnoreCase(words[1])) {
          return new User(words[0], role, words[2]);
        }
      }
    }
    throw new IOException(
        file
            + ":"
            + number
            + ": not a line of NAME viewer|operator HASH, as ./bgp-peer user makes");
  }

  /// The user of this name and password; null if there is none. It takes as long for a name that
  /// nobody has.
  @Nullable User withPassword(String name, String password) throws IOException {
    User found = null;
    int iterations = ITERATIONS;
    for (User user : all()) {
      if (user.hasPassword()) {
        iterations = iterations(user.secret());
        if (user.name().equals(name)) {
          found = user;
        }
      }
    }
    String secret =
        found == null
            ? "pbkdf2-sha256:" + iterations + ":AAAAAAAAAAAAAAAAAAAAAA==:AA=="
            : found.secret();
    return matches(password, secret) ? found : null;
  }

  /// The user of a token; null if there is none.
  @Nullable User withToken(String token) throws IOException {
    byte[] hash = tokenHash(token).getBytes(StandardCharsets.US_ASCII);
    User found = null;
    for (User user : all()) {
      if (MessageDigest.isEqual(user.secret().getBytes(StandardCharsets.US_ASCII), hash)) {
        found = user;
      }
    }
    return found;
  }

  /// The user of this name, with what it may do now; null if it was removed.
  @Nullable User named(String name) throws IOException {
    return all().stream()
        .filter(user -> user.name().equals(name) && user.hasPassword())
        .findFirst()
        .orElse(null);
  }

  private static int iterations(String secret) throws IOException {
    try {
      return Integer.parseInt(secret.split(":")[1]);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw unreadable(e);
    }
  }

  private static IOException unreadable(RuntimeException e) {
    return new IOException("the hash of a user cannot be read; make it anew", e);
  }

  private static boolean matches(String password, String secret) throws IOException {
    String[] parts = secret.split(":");
    try {
      byte[] salt = Base64.getDecoder().decode(parts[2]);
      byte[] hash = Base64.getDecoder().decode(parts[3]);
      return MessageDigest.isEqual(hash, stretched(password, salt, iterations(secret)));
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw unreadable(e);
    }
  }

  private static byte[] stretched(String password, byte[] salt, int iterations) {
    var key = new PBEKeySpec(password.toCharArray(), salt, iterations, KEY_BITS);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(key).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has PBKDF2", e);
    } finally {
      key.clearPassword();
    }
  }

  private static String tokenHash(String token) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  // ---------------------------------------------------------------- changing the file

  /// Adds a user with a password, or replaces the one of this name.
  public static void put(Path file, String name, Role role, String password) throws IOException {
    put(file, name, role, password, ITERATIONS);
  }

  /// The same with a password that is stretched less: for tests.
  static void put(Path file, String name, Role role, String password, int iterations)
      throws IOException {
    var salt = new byte[SALT];
    new SecureRandom().nextBytes(salt);
    put(
        file,
        new User(
            name,
            role,
            "pbkdf2-sha256:"
                + iterations
                + ":"
                + Base64.getEncoder().encodeToString(salt)
                + ":"
                + Base64.getEncoder().encodeToString(stretched(password, salt, iterations))));
  }

  /// Adds a user with a token, or replaces the one of this name.
  ///
  /// @return the token, which is nowhere kept
  public static String putToken(Path file, String name, Role role) throws IOException {
    var octets = new byte[32];
    new SecureRandom().nextBytes(octets);
    String token = "bgp_" + Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    put(file, new User(name, role, tokenHash(token)));
    return token;
  }

  private static void put(Path file, User user) throws IOException {
    if (!user.name().matches(NAME)) {
      throw new IOException(
          "'" + user.name() + "' is no name of a user: letters, digits and . _ @ -, up to 64");
    }
    var users = new ArrayList<>(of(file).all());
    users.removeIf(each -> each.name().equals(user.name()));
    users.add(user);
    write(file, users);
  }

  /// Removes a user; false if there is none of this name.
  public static boolean remove(Path file, String name) throws IOException {
    var users = new ArrayList<>(of(file).all());
    boolean removed = users.removeIf(each -> each.name().equals(name));
    write(file, users);
    return removed;
  }

  private static void write(Path file, List<User> users) throws IOException {
    var text = new StringBuilder("# users of the pages, see docs/pages.md\n");
    users.forEach(
        user ->
            text.append(user.name())
                .append(' ')
                .append(user.role().name().toLowerCase(Locale.ROOT))
                .append(' ')
                .append(user.secret())
                .append('\n'));
    Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
    Path fresh =
        Files.createTempFile(
            directory,
            "users",
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
