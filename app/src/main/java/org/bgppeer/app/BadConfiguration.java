package org.bgppeer.app;

import java.util.List;
import java.util.stream.Collectors;

/// The configuration cannot be used: everything that is wrong with it, in the order of the file.
final class BadConfiguration extends Failure {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  BadConfiguration(List<Problem> problems) {
    super(WRONG_USAGE, problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  BadConfiguration(Place place, String what, String allowed) {
    this(List.of(new Problem(place, what, allowed)));
  }

  List<Problem> problems() {
    return problems;
  }
}
