package org.bgppeer.app;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bgppeer.session.Collector;
import org.bgppeer.session.NeighborDetail;
import org.bgppeer.session.NeighborStatus;
import org.bgppeer.session.State;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.Lines;

/// What a collector that runs can be told by a command: `refresh`, `reset`, `mute`, `unmute`,
/// `reload`, `detail`, `counters`.
final class Orders implements ControlSocket.Orders {
  private static final long PATIENCE_SECONDS = 10;

  private final Collector collector;
  private final Reload reload;

  private final Muting muting;

  /// Who hides routes.
  interface Muting {
    void mute(String name, boolean on) throws Failure, InterruptedException;
  }

  Orders(Collector collector, Reload reload, Muting muting) {
    this.collector = collector;
    this.reload = reload;
    this.muting = muting;
  }

  @Override
  public String carryOut(List<String> words) throws Failure, InterruptedException {
    String order = words.getFirst();
    List<String> rest = words.subList(1, words.size());
    return switch (order) {
      case "reload" -> String.join("\n", reload.apply());
      case "refresh" -> refresh(rest.getFirst(), rest.get(1));
      case "reset" -> reset(rest.getFirst(), rest.get(1));
      case "mute" -> mute(rest.getFirst(), true);
      case "unmute" -> mute(rest.getFirst(), false);
      case "detail" -> detail(rest.getFirst());
      case "counters" -> counters();
      default ->
          throw new Failure(
              "there is no order '" + order + "'; the command is newer than the collector");
    };
  }

  /// @param wanted a family; empty for all of the session
  private String refresh(String name, String wanted) throws Failure, InterruptedException {
    NeighborStatus status = status(name);
    if (!(status.state() instanceof State.Established(var negotiated))) {
      throw new Failure(
          name + " has no session now (" + status.state().label() + "), it sends all when it has");
    }
    if (!negotiated.routeRefresh()) {
      throw new Failure(
          name + " cannot be asked (it does not have Route Refresh, RFC 2918); reset it instead");
    }
    List<Family> families = new ArrayList<>(negotiated.families());
    if (!wanted.isEmpty()) {
      families.removeIf(family -> !family.toString().equals(wanted));
    }
    if (families.isEmpty()) {
      throw new Failure(name + " does not send " + wanted + "; it sends " + negotiated.families());
    }
    families.sort(null);
    for (Family family : families) {
      if (!await(collector.refresh(name, family))) {
        throw new Failure("the session of " + name + " ended meanwhile");
      }
    }
    return "asked for " + String.join(", ", families.stream().map(Family::toString).toList());
  }

  private String reset(String name, String reason) throws Failure {
    status(name);
    collector.reset(name, reason);
    return "reset";
  }

  private String mute(String name, boolean on) throws Failure, InterruptedException {
    status(name);
    muting.mute(name, on);
    return on
        ? "muted: its session goes on, its routes are shown to who asks for it by name"
        : "not muted: its routes are shown again";
  }

  private String detail(String name) throws Failure, InterruptedException {
    status(name);
    CompletableFuture<NeighborDetail> detail =
        collector.detail(name).orElseThrow(() -> new Failure(name + " was removed meanwhile"));
    var out = new Lines(4096);
    JsonText.write(NeighborTree.of(await(detail)), out);
    return out.toString();
  }

  private String counters() {
    var out = new Lines(1 << 16);
    JsonText.write(collector.status().stream().map(NeighborTree::counted).toList(), out);
    return out.toString();
  }

  private NeighborStatus status(String name) throws Failure {
    NeighborStatus status = collector.status(name).orElse(null);
    if (status != null) {
      return status;
    }
    List<String> names = collector.status().stream().map(other -> other.neighbor().name()).toList();
    throw new Failure(
        "the collector has no neighbor '"
            + name
            + "'"
            + Nearest.of(name, names).map(near -> "; did you mean '" + near + "'?").orElse(""));
  }

  private static <T> T await(CompletableFuture<T> future) throws Failure, InterruptedException {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new Failure("its session does not answer", e);
    }
  }
}
