package org.bgppeer.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `reset`: ends a session of a running collector, which begins anew.
@Command(
    name = "reset",
    header = "End a neighbor's session and begin anew.",
    description = {
      "%nThe running collector ends the session with Cease, Administrative Reset, and begins anew"
          + " at once; also one that rests after failures, or because it had too many routes.%n"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ResetCommand implements Callable<Integer> {
  @ParentCommand private Main program;
  @Mixin private DataOption data;

  @Parameters(paramLabel = "NEIGHBOR", description = "Its name.")
  private String neighbor;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "What its operator is told (RFC 9003), up to 255 octets.")
  private String reason = "";

  @Override
  public Integer call() throws Failure {
    program.console().line(ControlSocket.ask(data.directory().root(), "reset", neighbor, reason));
    return Failure.DONE;
  }
}
