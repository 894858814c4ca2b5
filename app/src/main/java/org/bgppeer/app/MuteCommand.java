package org.bgppeer.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `mute`: hide the routes of a neighbor.
@Command(
    name = "mute",
    header = "Hide the routes of a neighbor.",
    description = {
      "%nThe session goes on and everything is kept, but its routes are in no answer, total or"
          + " export that does not ask for this neighbor by name. It stays so until `unmute`, also"
          + " over a restart.%n"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class MuteCommand implements Callable<Integer> {
  @ParentCommand private Main program;
  @Mixin private DataOption data;

  @Parameters(paramLabel = "NEIGHBOR", description = "Its name.")
  private String neighbor;

  @Override
  public Integer call() throws Failure {
    program.console().line(ControlSocket.ask(data.directory().root(), "mute", neighbor));
    return Failure.DONE;
  }
}
