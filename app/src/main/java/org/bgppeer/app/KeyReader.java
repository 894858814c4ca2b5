package org.bgppeer.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.bgppeer.session.TcpAoKey;
import org.jspecify.annotations.Nullable;

/// Judges what the connections of a neighbor are signed with, and the files that it stands in.
final class KeyReader {
  private static final int LONGEST_SECRET = 80; // octets, what Linux takes
  private static final String ANOTHER_KERNEL =
      "run it on another kernel, or use password-file (TCP MD5) or IPsec";
  private static final String A_KEY =
      "write an item '- send-id: NUMBER' with 'key-file: FILE' a key";

  private final SettingValues values;
  private final Path base;
  private final Function<TcpAoKey.Algorithm, String> whyNot;

  /// @param base what relative file names are relative to
  /// @param whyNot why the kernel cannot sign so; empty if it can
  KeyReader(SettingValues values, Path base, Function<TcpAoKey.Algorithm, String> whyNot) {
    this.values = values;
    this.base = base;
    this.whyNot = whyNot;
  }

  /// The password of TCP MD5; null for none.
  @Nullable String password(Fields fields) {
    return secretOf(fields, "password-file", "password", "TCP MD5");
  }

  /// The only line of a file; null if none is named, or if it is not that.
  private @Nullable String secretOf(Fields fields, String key, String what, String kind) {
    String name = fields.text(key);
    if (name == null) {
      return null;
    }
    Path file = base.resolve(name);
    Place place = fields.place(key);
    String content;
    try {
      content = Files.readString(file, StandardCharsets.UTF_8).strip();
      warnIfOthersMayRead(place, key + " " + file, file, "chmod 600 it");
    } catch (NoSuchFileException e) {
      values.bad(
          place, "there is no " + key + " " + file, "write the " + what + " as its only line");
      return null;
    } catch (IOException e) {
      values.bad(place, key + " " + file + " cannot be read", "it must be text this user may read");
      return null;
    }
    int octets = content.getBytes(StandardCharsets.UTF_8).length;
    if (octets < 1 || octets > LONGEST_SECRET || content.lines().count() > 1) {
      long lines = content.lines().count();
      values.bad(
          place,
          key
              + " "
              + file
              + (octets < 1
                  ? " is empty"
                  : lines > 1 ? " has " + lines + " lines" : " has " + octets + " octets"),
          "allowed is one line of 1..80 octets (" + kind + " of Linux)");
      return null;
    }
    return content;
  }

  /// The keys of TCP-AO, the first one first.
  List<TcpAoKey> tcpAo(Fields fields) {
    Setting value = fields.value("tcp-ao");
    if (value == null) {
      return List.of();
    }
    Place place = fields.place("tcp-ao");
    if (fields.value("password-file") != null) {
      values.bad(
          place,
          "tcp-ao and password-file are both given",
          "a connection is signed with one of them; leave one out");
    }
    if (!(value instanceof Setting.Items items) || items.values().isEmpty()) {
      values.bad(place, "tcp-ao is not a list of keys", A_KEY);
      return List.of();
    }
    var keys = new ArrayList<TcpAoKey>();
    var algorithms = EnumSet.noneOf(TcpAoKey.Algorithm.class);
    for (Setting item : items.values()) {
      TcpAoKey key = tcpAoKey(item);
      if (key == null) {
        continue;
      }
      algorithms.add(key.algorithm());
      if (keys.stream().anyMatch(key::overlaps)) {
        values.bad(
            item.place(),
            "this key has the send-id or the receive-id of another one before it",
            "each key of a neighbor has both of its own (RFC 5925)");
      } else {
        keys.add(key);
      }
    }
    algorithms.stream()
        .map(whyNot)
        .filter(why -> !why.isEmpty())
        .distinct()
        .forEach(why -> values.bad(place, "tcp-ao cannot be used: " + why, ANOTHER_KERNEL));
    return keys;
  }

  private @Nullable TcpAoKey tcpAoKey(Setting item) {
    if (!(item instanceof Setting.Entries entries)) {
      values.bad(item.place(), "this key of tcp-ao is not names with values", A_KEY);
      return null;
    }
    var of =
        new Fields(
            entries, "a key of tcp-ao", SettingKey.names(SettingKey.TCP_AO), values.problems);
    int send = keyId(of, "send-id", -1);
    int receive = keyId(of, "receive-id", send);
    TcpAoKey.Algorithm algorithm = algorithm(of);
    String secret = of.value("key-file") == null ? secretHere(of) : keyFile(of);
    return send < 0 || receive < 0 || algorithm == null || secret == null
        ? null
        : new TcpAoKey(send, receive, algorithm, secret);
  }

  private int keyId(Fields of, String name, int otherwise) {
    String text = of.text(name);
    if (text == null) {
      if (of.value(name) == null && name.equals("send-id")) {
        values.bad(of.place(), "send-id is missing", "allowed is 0..255");
      }
      return otherwise;
    }
    long id = SettingValues.number(text, 255);
    if (id < 0) {
      values.bad(of.place(name), name + " is '" + text + "'", "allowed is 0..255");
    }
    return (int) id;
  }

  private TcpAoKey.@Nullable Algorithm algorithm(Fields of) {
    String text = of.text("algorithm");
    if (text == null) {
      return TcpAoKey.Algorithm.HMAC_SHA_1_96;
    }
    List<String> all = new ArrayList<>();
    for (TcpAoKey.Algorithm algorithm : TcpAoKey.Algorithm.values()) {
      if (algorithm.text().equals(text)) {
        return algorithm;
      }
      all.add(algorithm.text());
    }
    values.bad(
        of.place("algorithm"),
        "algorithm is '" + text + "'",
        Nearest.of(text, all).map(near -> "did you mean " + near + "? ").orElse("")
            + "allowed are "
            + String.join(", ", all));
    return null;
  }

  private @Nullable String keyFile(Fields of) {
    if (of.value("key") != null) {
      values.bad(of.place("key"), "key and key-file are both given", "leave one of both out");
    }
    return secretOf(of, "key-file", "key", "TCP-AO");
  }

  /// A key that stands in the configuration itself.
  private @Nullable String secretHere(Fields of) {
    if (of.value("key") == null) {
      values.bad(of.place(), "this key has no key-file", "write key-file: FILE below its send-id");
      return null;
    }
    String secret = of.text("key");
    if (secret == null) {
      return null;
    }
    int octets = secret.getBytes(StandardCharsets.UTF_8).length;
    if (octets > LONGEST_SECRET) {
      values.bad(
          of.place("key"),
          "key has " + octets + " octets",
          "allowed are 1..80 octets (TCP-AO of Linux)");
      return null;
    }
    Path file = Path.of(of.place("key").source());
    try {
      if (Files.exists(file)) {
        warnIfOthersMayRead(
            of.place("key"),
            "a key stands here, and the file",
            file,
            "chmod 600 it or use key-file");
      }
    } catch (IOException e) {
      // It was read a moment ago; who may read it is not known then.
    }
    return secret;
  }

  private void warnIfOthersMayRead(Place place, String what, Path file, String remedy)
      throws IOException {
    if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (permissions.contains(PosixFilePermission.GROUP_READ)
        || permissions.contains(PosixFilePermission.OTHERS_READ)) {
      values.warnings.add(
          place
              + ": "
              + what
              + " may be read by others ("
              + PosixFilePermissions.toString(permissions)
              + "); "
              + remedy);
    }
  }
}
