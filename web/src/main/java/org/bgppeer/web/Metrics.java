package org.bgppeer.web;

import io.javalin.http.Context;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import org.bgppeer.store.Health;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.NeighborRow.FamilyCount;
import org.bgppeer.store.NeighborRow.SessionState;
import org.bgppeer.store.Queries;
import org.bgppeer.store.SessionRow;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// `/metrics`: the state of the collector and its neighbors as of the moment of the scrape, in
/// Prometheus' text format, or OpenMetrics' if it is asked for. What a collector counts comes from
/// it, if one runs over the data directory; all else from the database.
final class Metrics {
  private static final ExpositionFormats FORMATS = ExpositionFormats.init();
  private static final double MICROS = 1e6;

  private final Queries queries;
  private final JournalGaps gaps;
  private final String version;
  private final WebAccess.@Nullable Actions collector;

  /// @param collector knows what is in no database
  Metrics(
      Queries queries, JournalGaps gaps, String version, WebAccess.@Nullable Actions collector) {
    this.queries = queries;
    this.gaps = gaps;
    this.version = version;
    this.collector = collector;
  }

  void answer(Context context) {
    ExpositionFormatWriter format = FORMATS.findWriter(context.header("Accept"));
    var out = new ByteArrayOutputStream();
    try {
      format.write(out, read());
    } catch (IOException e) {
      throw new UncheckedIOException("memory can be written", e);
    }
    context
        .header("Cache-Control", "no-store")
        .contentType(format.getContentType())
        .result(out.toByteArray());
  }

  private MetricSnapshots read() {
    List<NeighborRow> neighbors = queries.neighbors();
    Health health = queries.health();
    Set<String> muted = queries.muted();
    List<JsonNode> running = LiveNeighbor.all(collector);
    return MetricSnapshots.builder()
        .metricSnapshot(
            InfoSnapshot.builder()
                .name("bgp_peer_build")
                .help("The program.")
                .dataPoint(
                    InfoSnapshot.InfoDataPointSnapshot.builder()
                        .labels(Labels.of("version", version))
                        .build())
                .build())
        .metricSnapshot(
            each(
                "bgp_peer_neighbor_up",
                "1 while a session with the neighbor is established.",
                neighbors,
                (row, into) ->
                    point(
                        into,
                        of(row).merge(Labels.of("address", row.address(), "as", "" + row.as())),
                        isUp(row) ? 1 : 0)))
        .metricSnapshot(
            each(
                "bgp_peer_neighbor_state",
                "1 for the state that the neighbor is in.",
                neighbors,
                (row, into) -> {
                  for (SessionState state : SessionState.values()) {
                    point(
                        into,
                        of(row).add("state", state.name().toLowerCase(Locale.ROOT)),
                        state == row.state() ? 1 : 0);
                  }
                }))
        .metricSnapshot(
            each(
                "bgp_peer_neighbor_state_since_timestamp_seconds",
                "When the neighbor came into its state.",
                neighbors,
                (row, into) -> point(into, of(row), seconds(row.since()))))
        .metricSnapshot(
            each(
                "bgp_peer_neighbor_muted",
                "1 while the neighbor's routes are hidden from who does not ask for it by name.",
                neighbors,
                (row, into) -> point(into, of(row), muted.contains(row.name()) ? 1 : 0)))
        .metricSnapshot(
            each(
                "bgp_peer_neighbor_session",
                "How many sessions the neighbor has had, the current one included.",
                neighbors,
                (row, into) -> {
                  SessionRow session = row.session();
                  point(into, of(row), session == null ? 0 : session.generation());
                }))
        .metricSnapshot(
            each(
                "bgp_peer_neighbor_session_updates",
                "UPDATE messages of the current or last session.",
                neighbors,
                (row, into) -> {
                  SessionRow session = row.session();
                  point(into, of(row), session == null ? 0 : session.updates());
                }))
        .metricSnapshot(
            each(
                "bgp_peer_neighbor_last_packet_timestamp_seconds",
                "When the neighbor sent its last packet.",
                neighbors,
                (row, into) -> point(into, of(row), seconds(row.lastPacketAt()))))
        .metricSnapshot(
            each(
                "bgp_peer_routes",
                "Routes in the database: active ones (stale ones are among them), stale, inactive.",
                neighbors,
                (row, into) -> {
                  for (FamilyCount family : row.families()) {
                    Labels labels = of(row).add("family", family.family());
                    point(into, labels.add("state", "active"), family.active());
                    point(into, labels.add("state", "stale"), family.stale());
                    point(into, labels.add("state", "inactive"), family.inactive());
                  }
                }))
        .metricSnapshot(
            each(
                "bgp_peer_end_of_rib_timestamp_seconds",
                "When the initial table of the current session was complete.",
                neighbors,
                (row, into) ->
                    row.families()
                        .forEach(
                            family ->
                                point(
                                    into,
                                    of(row).add("family", family.family()),
                                    seconds(family.endOfRibAt())))))
        .metricSnapshot(counters(running))
        .metricSnapshot(
            said(
                "bgp_peer_neighbor_hold_time_seconds",
                "The hold time that both agreed on; 0 for none.",
                running,
                (row, into) -> {
                  JsonNode time = row.get("hold_time_seconds");
                  if (time != null && time.isNumber()) {
                    point(into, named(row), time.asDouble());
                  }
                }))
        .metricSnapshot(
            said(
                "bgp_peer_neighbor_last_notification_timestamp_seconds",
                "When the last NOTIFICATION of either side was said, with its codes.",
                running,
                (row, into) -> {
                  for (String direction : List.of("received", "sent")) {
                    JsonNode told = row.get("last_notification_" + direction);
                    if (told != null && told.isObject()) {
                      point(
                          into,
                          named(row)
                              .add("direction", direction)
                              .add("code", told.get("code").asString())
                              .add("subcode", told.get("subcode").asString()),
                          seconds(Instant.parse(told.get("at").asString())));
                    }
                  }
                }))
        .metricSnapshot(
            one(
                "bgp_peer_journal_gaps",
                "Places in the journal where segments are missing.",
                gaps.gaps().size()))
        .metricSnapshot(
            one("bgp_peer_database_bytes", "Size of the database.", health.databaseBytes()))
        .metricSnapshot(
            one(
                "bgp_peer_projector_lag_seconds",
                "How far the database was behind the journal at the last beat.",
                health.lagSeconds()))
        .metricSnapshot(
            one(
                "bgp_peer_projector_record_timestamp_seconds",
                "Time of the newest record that the database holds.",
                seconds(health.projectedAt())))
        .metricSnapshot(
            one(
                "bgp_peer_projector_beat_timestamp_seconds",
                "When the projector last said that it is alive.",
                seconds(health.beatAt())))
        .build();
  }

  private static boolean isUp(NeighborRow row) {
    return row.state() == SessionState.UP || row.state() == SessionState.RECEIVING;
  }

  private static Labels of(NeighborRow row) {
    return Labels.of("neighbor", row.name());
  }

  private static GaugeSnapshot each(
      String name,
      String help,
      List<NeighborRow> neighbors,
      BiConsumer<NeighborRow, GaugeSnapshot.Builder> points) {
    var builder = GaugeSnapshot.builder().name(name).help(help);
    neighbors.forEach(row -> points.accept(row, builder));
    return builder.build();
  }

  /// What is zero is left out: most of the kinds never happen, to thousands of neighbors.
  private static CounterSnapshot counters(List<JsonNode> running) {
    var builder =
        CounterSnapshot.builder()
            .name("bgp_peer_neighbor_events")
            .help("Messages, octets and errors of each kind since the collector started.");
    for (JsonNode row : running) {
      row.get("counters")
          .properties()
          .forEach(
              counter -> {
                if (counter.getValue().asLong() != 0) {
                  builder.dataPoint(
                      CounterSnapshot.CounterDataPointSnapshot.builder()
                          .labels(named(row).add("event", counter.getKey()))
                          .value(counter.getValue().asLong())
                          .build());
                }
              });
    }
    return builder.build();
  }

  private static GaugeSnapshot said(
      String name,
      String help,
      List<JsonNode> running,
      BiConsumer<JsonNode, GaugeSnapshot.Builder> points) {
    var builder = GaugeSnapshot.builder().name(name).help(help);
    running.forEach(row -> points.accept(row, builder));
    return builder.build();
  }

  private static Labels named(JsonNode row) {
    return Labels.of("neighbor", row.get("name").asString());
  }

  private static GaugeSnapshot one(String name, String help, double value) {
    var builder = GaugeSnapshot.builder().name(name).help(help);
    point(builder, Labels.EMPTY, value);
    return builder.build();
  }

  /// What is not known is no point.
  private static void point(GaugeSnapshot.Builder into, Labels labels, double value) {
    if (!Double.isNaN(value)) {
      into.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(value).build());
    }
  }

  /// Since 1970; NaN for null.
  private static double seconds(@Nullable Instant at) {
    return at == null ? Double.NaN : at.getEpochSecond() + at.getNano() / 1000 / MICROS;
  }
}
