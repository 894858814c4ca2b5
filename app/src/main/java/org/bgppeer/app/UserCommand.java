package org.bgppeer.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bgppeer.web.Users;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `user`: who may use the pages.
@Command(
    name = "user",
    header = "Who may see the pages, and who may act there.",
    description = {
      "%nMakes a user of the pages, or changes the one of this name; without a name it lists them."
          + " A viewer sees everything, an operator also resets and refreshes neighbors and reloads"
          + " the configuration. The password is asked for, or read from a file. As soon as there"
          + " is one, the pages ask who you are (unless --public-read-only); a collector that runs"
          + " sees the first user when it is started again, and others at once.%n"
    },
    footer = {
      "",
      "  ./bgp-peer user anna --role operator",
      "  ./bgp-peer user grafana --token          prints a token for the API, once",
      "  ./bgp-peer user anna --remove"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class UserCommand implements Callable<Integer> {
  private static final int SHORTEST = 8;

  @ParentCommand private Main program;
  @Mixin private DataOption data;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "Letters, digits and . _ @ -.")
  private @Nullable String name;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description = "viewer or operator. Default: ${DEFAULT-VALUE}.")
  private String role = "viewer";

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "A file with the password as its first line; - for standard input.")
  private @Nullable String passwordFile;

  @Option(names = "--token", description = "A token for programs in place of a password.")
  private boolean token;

  @Option(names = "--remove", description = "Remove the user.")
  private boolean remove;

  @Override
  public Integer call() throws Failure {
    Path file = data.directory().users();
    Console console = program.console();
    try {
      if (name == null) {
        Users.of(file)
            .all()
            .forEach(user -> console.line(user + (user.hasPassword() ? "" : " (token)")));
        return Failure.DONE;
      }
      if (!Files.isDirectory(data.directory().root())) {
        throw new Failure(
            "there is no data directory " + data.directory().root() + "; name it with --data DIR");
      }
      if (remove) {
        if (!Users.remove(file, name)) {
          throw new Failure("there is no user '" + name + "'");
        }
        console.line(name + " removed");
      } else if (token) {
        console.line(Users.putToken(file, name, role()));
      } else {
        Users.put(file, name, role(), password());
        console.line(
            name + " is " + (role() == Users.Role.OPERATOR ? "an operator" : "a viewer") + " now");
      }
      return Failure.DONE;
    } catch (IOException e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    }
  }

  private Users.Role role() throws Failure {
    return switch (role.toLowerCase(Locale.ROOT)) {
      case "viewer" -> Users.Role.VIEWER;
      case "operator" -> Users.Role.OPERATOR;
      default ->
          throw new Failure(
              Failure.WRONG_USAGE, "--role is '" + role + "'; allowed are viewer and operator");
    };
  }

  private String password() throws Failure, IOException {
    String password;
    if (passwordFile != null) {
      String text =
          passwordFile.equals("-")
              ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
              : Files.readString(Path.of(passwordFile));
      password = text.lines().findFirst().orElse("");
    } else {
      java.io.Console terminal = System.console();
      char[] typed =
          terminal == null || !terminal.isTerminal()
              ? null
              : terminal.readPassword("Password of %s: ", name);
      if (typed == null) {
        throw new Failure(
            Failure.WRONG_USAGE,
            "there is no terminal to ask for a password; --password-file FILE");
      }
      password = new String(typed);
    }
    if (password.length() < SHORTEST) {
      throw new Failure("a password has " + SHORTEST + " characters or more");
    }
    return password;
  }
}
