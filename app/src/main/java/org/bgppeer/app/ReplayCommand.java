package org.bgppeer.app;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/// `replay`: a simulated router. The options are those of the router, which alone judges what they
/// say; here they only have names and explanations.
@Command(
    name = "replay",
    header = "A simulated router, which plays an MRT file.",
    description = {
      "%nSpeaks BGP as a router would, and announces what an MRT file has (BGP4MP messages; plain"
          + " or gzip) at the pace at which it came, or a made-up table. It is a process of its"
          + " own: a collector cannot announce anything. Comes back when its session ends, until it"
          + " is stopped.%n"
    },
    footer = {
      "",
      "  ./bgp-peer replay updates.20261123.2335.gz --to 127.0.0.1:1790 --as 64500 --speed 10",
      "  ./bgp-peer replay --to 127.0.0.1:1790 --as 64500 --ipv4 1000 --ipv6 0 --rate 5",
      "",
      "The collector needs a neighbor for it: --neighbor 127.0.0.1,as=64500,passive."
    })
@SuppressWarnings({"NullAway.Init", "unused"}) // picocli sets the fields; their words are handed on
final class ReplayCommand implements Callable<Integer> {
  @ParentCommand private Main program;
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "The MRT file. Default: a made-up table of 38,000 prefixes that changes.")
  private @Nullable String file;

  @Option(names = "--to", paramLabel = "ADDR:PORT", description = "Connect to this collector.")
  private @Nullable String to;

  @Option(
      names = "--listen",
      paramLabel = "ADDR:PORT",
      description = "Or wait here for it to connect.")
  private @Nullable String listen;

  @Option(names = "--as", paramLabel = "AS", description = "The router's AS number; needed.")
  private @Nullable String as;

  @Option(
      names = "--local-address",
      paramLabel = "ADDRESS",
      description = "Connect from this address. Default: the system chooses.")
  private @Nullable String localAddress;

  @Option(
      names = "--router-id",
      paramLabel = "ADDRESS",
      description = "Its BGP identifier. Default: the local address, or 192.0.2.1.")
  private @Nullable String routerId;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Its host name, in the OPEN and in its log. Default: router.")
  private @Nullable String name;

  @Option(
      names = "--hold-time",
      paramLabel = "SECONDS",
      description = "The hold time that it offers, 0 or 3..65535. Default: 90.")
  private @Nullable String holdTime;

  @Option(
      names = "--speed",
      paramLabel = "X",
      description =
          "Of a file: 1 is as it was, 10 ten times as fast, max as fast as possible. Default: 1.")
  private @Nullable String speed;

  @Option(
      names = "--peer",
      paramLabel = "ADDRESS",
      description = "Of a file: only what came from this neighbor.")
  private @Nullable String peer;

  @Option(names = "--exit", description = "Of a file: end the session and stop when it is played.")
  private boolean exit;

  @Option(
      names = "--ipv4",
      paramLabel = "N",
      description = "Of the made-up table: at most so many IPv4 prefixes.")
  private @Nullable String ipv4;

  @Option(names = "--ipv6", paramLabel = "N", description = "And so many IPv6 prefixes.")
  private @Nullable String ipv6;

  @Option(
      names = "--next-hop4",
      paramLabel = "ADDRESS",
      description = "Its IPv4 next hop. Default: 192.0.2.1.")
  private @Nullable String nextHop4;

  @Option(
      names = "--next-hop6",
      paramLabel = "ADDRESS",
      description = "Its IPv6 next hop. Default: 2001:db8::1.")
  private @Nullable String nextHop6;

  @Option(
      names = "--route-server",
      description =
          "Like an exchange's route server: its own AS is not in the path, next hops are the"
              + " members'.")
  private boolean routeServer;

  @Option(names = "--add-path", description = "Several paths of some prefixes.")
  private boolean addPath;

  @Option(
      names = "--rate",
      paramLabel = "X",
      description = "Changes a second. Default: 1; 0 for none.")
  private @Nullable String rate;

  @Option(
      names = "--break-every",
      paramLabel = "N",
      description = "Announce one of so many changes malformed, and right soon after.")
  private @Nullable String breakEvery;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Another seed, other changes. Default: the AS number.")
  private @Nullable String seed;

  @Option(
      names = "--lose-after",
      paramLabel = "SECONDS",
      description = "Lose the session on purpose, so long after it first came up.")
  private @Nullable String loseAfter;

  @Option(
      names = "--lose-every",
      paramLabel = "SECONDS",
      description = "And then about so often. Default: 90.")
  private @Nullable String loseEvery;

  @Option(
      names = "--lose-how",
      paramLabel = "HOW",
      description = "shutdown, silence, close or reset. Default: in turn.")
  private @Nullable String loseHow;

  @Option(
      names = "--away",
      paramLabel = "SECONDS",
      description = "And come back after so long. Default: 8.")
  private @Nullable String away;

  @Override
  public Integer call() throws Failure, InterruptedException {
    Console console = program.console();
    RouterProcess router =
        RouterProcess.start(words(), console::line, line -> console.hint("bgp-peer: " + line));
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> closeQuietly(router)));
    int status = router.await();
    if (status == Failure.WRONG_USAGE) {
      console.hint("'bgp-peer replay --help' explains it.");
    }
    return status;
  }

  /// The command line as the router takes it: our own options less those that all commands have.
  private List<String> words() {
    ParseResult parsed = spec.commandLine().getParseResult();
    var words = new ArrayList<String>();
    for (OptionSpec option : parsed.matchedOptions()) {
      if (!option.inherited()) {
        words.add(option.longestName());
        if (option.arity().max() > 0) {
          words.addAll(option.stringValues());
        }
      }
    }
    if (file != null) {
      words.add(file);
    }
    return words;
  }

  private static void closeQuietly(RouterProcess router) {
    try {
      router.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
