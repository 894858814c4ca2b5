package org.bgppeer.app;

/// What is logged, to stderr, a line an event (`logback.xml`). A command that runs on tells what
/// happens; one that lists tells only what goes wrong.
final class Logging {
  private Logging() {}

  /// For a command that says itself what a person should read: only what goes wrong with us.
  static void quiet() {
    System.setProperty("bgp-peer.log", "ERROR");
  }

  /// For a command that runs until it is stopped. Must come before the first logger is made.
  static void ofServer(boolean verbose) {
    System.setProperty("bgp-peer.log", verbose ? "DEBUG" : "INFO");
    if (verbose) {
      System.setProperty("bgp-peer.log.others", "INFO");
    }
  }
}
