package org.bgppeer.app;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `check-config`: what `run` would make of a configuration file.
@Command(
    name = "check-config",
    header = "What a configuration file means, or what is wrong in it.",
    description = {
      "%nReads a configuration file and says what it means, or everything that is wrong with it, a"
          + " line each: FILE:LINE: what is wrong; what is allowed. Starts nothing.%n"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CheckConfigCommand implements Callable<Integer> {
  @ParentCommand private Main program;

  @Parameters(paramLabel = "FILE", description = "The configuration, for instance bgp-peer.yaml.")
  private Path file;

  @Override
  public Integer call() throws Failure {
    Configuration configuration = ConfigurationReader.read(file);
    configuration.warnings().forEach(warning -> program.console().hint("warning: " + warning));
    Summary.lines(configuration).forEach(program.console()::line);
    return Failure.DONE;
  }
}
