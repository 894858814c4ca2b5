package org.bgppeer.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/// `reload`: a running collector reads its configuration again.
@Command(
    name = "reload",
    header = "Let a running collector read its configuration again.",
    description = {
      "%nThe collector reads its configuration again, with the options that it was started with,"
          + " and says what it changed. Sessions of neighbors that are as before do not notice. If"
          + " something is wrong in it, nothing changes, and it is said what: what check-config"
          + " says too. SIGHUP does the same, and the answer is in the log.%n"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ReloadCommand implements Callable<Integer> {
  @ParentCommand private Main program;
  @Mixin private DataOption data;

  @Override
  public Integer call() throws Failure {
    program.console().line(ControlSocket.ask(data.directory().root(), "reload"));
    return Failure.DONE;
  }
}
