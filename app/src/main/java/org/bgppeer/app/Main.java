package org.bgppeer.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The program: reads the command line and runs the command that it names.
@Command(
    name = "bgp-peer",
    description = {
      "A BGP collector with a memory: it takes every route that your routers send, announces none,"
          + " and keeps what changed, when and why.%n"
    },
    footer = {
      "",
      "Start here:",
      "  ./bgp-peer demo                      see it with simulated routers, nothing to configure",
      "  ./bgp-peer run -c bgp-peer.yaml      your own routers; bgp-peer.example.yaml shows how",
      "",
      "'./bgp-peer COMMAND --help' explains one command. Exit status: 0 done, 1 failed, 2 wrong"
          + " usage or configuration."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      WebCommand.class,
      NeighborsCommand.class,
      RoutesCommand.class,
      HistoryCommand.class,
      DiffCommand.class,
      PacketsCommand.class,
      DecodeCommand.class,
      ImportCommand.class,
      ExportCommand.class,
      StatusCommand.class,
      RebuildCommand.class,
      ReplayCommand.class,
      RefreshCommand.class,
      ResetCommand.class,
      MuteCommand.class,
      UnmuteCommand.class,
      ReloadCommand.class,
      UserCommand.class,
      CheckConfigCommand.class
    },
    versionProvider = Main.Version.class)
public final class Main implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @picocli.CommandLine.Option(
      names = {"-v", "--verbose"},
      scope = CommandLine.ScopeType.INHERIT,
      description = "Say more: every step of a session, and where an error came from.")
  private boolean verbose;

  @picocli.CommandLine.Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = CommandLine.ScopeType.INHERIT,
      description = "Explain this and stop.")
  private boolean help;

  @picocli.CommandLine.Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version and stop.")
  private boolean version;

  private final Console console;

  Main(Console console) {
    this.console = console;
  }

  public static void main(String[] arguments) {
    // Pages and the control socket run in virtual threads. A question to SQLite keeps the thread
    // that
    // carries one, of which there would be no more than cores: two slow pages stopped all others.
    System.getProperties().putIfAbsent("jdk.virtualThreadScheduler.parallelism", "16");
    int status = run(Console.ofProcess(), arguments);
    if (status != Failure.DONE) {
      System.exit(status);
    }
  }

  /// Runs one command to its end.
  ///
  /// @return the exit status: 0 done, 1 failed, 2 wrong usage or configuration
  static int run(Console console, String... arguments) {
    var line = new CommandLine(new Main(console));
    var out = new PrintWriter(console.out());
    line.setOut(out);
    line.setErr(console.err());
    Converters.register(line);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            console.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    line.setUsageHelpWidth(Math.clamp(console.width() == 0 ? 100 : console.width(), 60, 110));
    line.setParameterExceptionHandler(Main::wrongUsage);
    line.setExecutionExceptionHandler(Main::failed);
    int status = line.execute(arguments);
    out.flush();
    return status;
  }

  /// Where commands write.
  Console console() {
    return console;
  }

  /// Whether more is to be said.
  boolean verbose() {
    return verbose;
  }

  /// Without a command: all of them.
  @Override
  public void run() {
    if (spec != null) {
      spec.commandLine().usage(spec.commandLine().getOut());
    }
  }

  private static int wrongUsage(ParameterException e, String[] arguments) {
    CommandLine line = e.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("bgp-peer: " + explain(e));
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("'" + line.getCommandSpec().qualifiedName() + " --help' explains it.");
    return Failure.WRONG_USAGE;
  }

  /// picocli counts words; a person wants to know which one, and of what.
  private static @Nullable String explain(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched) || unmatched.isUnknownOption()) {
      return e.getMessage();
    }
    String word = "'" + unmatched.getUnmatched().getFirst() + "'";
    CommandSpec command = e.getCommandLine().getCommandSpec();
    return command.parent() == null
        ? "there is no command " + word
        : word + " is one word more than '" + command.qualifiedName() + "' takes";
  }

  private static int failed(Exception e, CommandLine line, @Nullable ParseResult parsed) {
    PrintWriter err = line.getErr();
    Main program = (Main) line.getCommandSpec().root().userObject();
    if (e instanceof Failure failure) {
      if (e instanceof BadConfiguration) {
        err.println(failure.getMessage());
      } else {
        err.println("bgp-peer: " + failure.getMessage());
      }
      if (program.verbose && e.getCause() != null) {
        e.getCause().printStackTrace(err);
      }
      return failure.exitStatus();
    }
    if (isReaderGone(e)) {
      return Failure.DONE;
    }
    err.println("bgp-peer: something went wrong that should not: " + e);
    if (program.verbose) {
      e.printStackTrace(err);
    } else {
      err.println("Run it again with --verbose, and report what it prints.");
    }
    return Failure.FAILED;
  }

  /// Whether our reader had enough, as `| head` has: no failure of ours.
  private static boolean isReaderGone(Exception e) {
    Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
    return (cause instanceof IOException || cause instanceof tools.jackson.core.JacksonException)
        && String.valueOf(cause.getMessage()).contains("Broken pipe");
  }

  /// The version of this build, as Maven knows it.
  static String version() {
    try (InputStream in = Main.class.getResourceAsStream("version.properties")) {
      var properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Tells picocli the version.
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"bgp-peer " + version()};
    }
  }
}
