package org.bgppeer.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `refresh`: asks a neighbor of a running collector for all its routes again.
@Command(
    name = "refresh",
    header = "Ask a neighbor for all its routes again.",
    description = {
      "%nThe running collector asks the neighbor to send all its routes again (ROUTE-REFRESH, RFC"
          + " 2918). The session stays.%n"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RefreshCommand implements Callable<Integer> {
  @ParentCommand private Main program;
  @Mixin private DataOption data;

  @Parameters(paramLabel = "NEIGHBOR", description = "Its name.")
  private String neighbor;

  @Option(
      names = "--family",
      paramLabel = "FAMILY",
      description = "Only this one, for instance ipv4-unicast. Default: all.")
  private String family = "";

  @Override
  public Integer call() throws Failure {
    program.console().line(ControlSocket.ask(data.directory().root(), "refresh", neighbor, family));
    return Failure.DONE;
  }
}
