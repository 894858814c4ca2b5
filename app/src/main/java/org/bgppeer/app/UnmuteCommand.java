package org.bgppeer.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `unmute`: show the routes of a neighbor again.
@Command(
    name = "unmute",
    header = "Show the routes of a neighbor again.",
    description = {
      "%nThe opposite of `mute`. What the configuration says (`mute: true`) counts again at the"
          + " next start.%n"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class UnmuteCommand implements Callable<Integer> {
  @ParentCommand private Main program;
  @Mixin private DataOption data;

  @Parameters(paramLabel = "NEIGHBOR", description = "Its name.")
  private String neighbor;

  @Override
  public Integer call() throws Failure {
    program.console().line(ControlSocket.ask(data.directory().root(), "unmute", neighbor));
    return Failure.DONE;
  }
}
