package org.bgppeer.web;

import java.time.Instant;
import java.util.List;
import org.bgppeer.store.NeighborRow;

/// `/neighbors`: every neighbor with its state, why, and what it holds.
final class NeighborsPage {
  NeighborsPage(Site site) {
    site.page("/neighbors", this::neighbors, "state");
  }

  /// The model of `neighbors.jte`.
  ///
  /// @param rows those of the chosen state
  /// @param sentence how many are up and how many are not
  public record Model(List<NeighborRow> rows, String sentence, Instant now) {}

  private Reply neighbors(Visit visit) {
    List<NeighborRow> rows = visit.queries().neighbors();
    return Reply.page(
            "neighbors", "Neighbors", "neighbors", new Model(rows, "Neighbors", visit.now()))
        .withData(rows);
  }
}
