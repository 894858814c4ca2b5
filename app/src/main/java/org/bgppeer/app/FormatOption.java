package org.bgppeer.app;

import picocli.CommandLine.Option;

/// `--format`, for every command that lists.
final class FormatOption {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "How to write it: ${COMPLETION-CANDIDATES} (json is one object a line). Default:"
              + " ${DEFAULT-VALUE}.")
  Listing.Format format = Listing.Format.table;
}
