package org.bgppeer.app;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import org.bgppeer.store.NeighborRow;
import org.bgppeer.store.Queries;
import org.bgppeer.store.RouteQuery;
import org.bgppeer.store.RouteRow;
import org.bgppeer.store.TableQuery;
import org.bgppeer.wire.Family;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `export`: the table of all neighbors, or of one, as a file for other programs.
@Command(
    name = "export",
    header = "The active routes, now or at a time, as MRT, CSV or JSON lines.",
    description = {
      "%nWrites all active routes as they are now or were at a time, all of the same moment, while"
          + " the collector runs. As MRT (TABLE_DUMP_V2, RFC 6396 and 8050) it is what RIPE RIS"
          + " calls a bview: bgpdump, bgpkit, BGPStream and 'bgp-peer import' read it. Routes of"
          + " families other than IPv4 and IPv6 unicast and multicast go into a second file,"
          + " NAME-other..., as many programs cannot read them.%n"
    },
    footer = {
      "",
      "  ./bgp-peer export --output rib.mrt.gz",
      "  ./bgp-peer export --at '2026-03-17 03:11:50' --neighbor rs1 | bgpdump -m -",
      "  ./bgp-peer export --family ipv6-unicast --format csv --output ipv6.csv.gz"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ExportCommand implements Callable<Integer> {
  private static final int PAGE = 5000;

  @ParentCommand private Main program;
  @Mixin private DataOption data;

  /// What a table can be written as.
  enum Format {
    mrt,
    json,
    csv
  }

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "How to write it: ${COMPLETION-CANDIDATES} (json is one object a line, with the names of"
              + " 'routes'). Default: ${DEFAULT-VALUE}.")
  private Format format = Format.mrt;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "Where to; packed if the name ends in .gz. It appears when it is complete. Default:"
              + " stdout.")
  private @Nullable Path output;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "As it was at this time: " + Moment.FORMS + ".")
  private @Nullable Instant at;

  @Option(names = "--neighbor", paramLabel = "NAME", description = "Only of this neighbor.")
  private @Nullable String neighbor;

  @Option(
      names = "--family",
      paramLabel = "FAMILY",
      description = "Only of this family, for instance ipv4-unicast.")
  private @Nullable Family family;

  @Option(
      names = "--source",
      paramLabel = "NAME",
      description =
          "Only of these: live for our own sessions, or the name that 'import' gave. With MRT only."
              + " Default: all.")
  private @Nullable String source;

  @Override
  public Integer call() throws Failure {
    if (format != Format.mrt && source != null) {
      throw new Failure(
          Failure.WRONG_USAGE, "--source goes with --format mrt only; use --neighbor here");
    }
    if (format == Format.mrt && output == null && program.console().terminal()) {
      throw new Failure(
          Failure.WRONG_USAGE,
          "MRT is not for a terminal; write it to a file with --output FILE, or take --format csv");
    }
    return data.read(
        queries -> {
          DataOption.requireNeighbor(queries, neighbor);
          requireSource(queries);
          DataOption.requireMoment(queries, at);
          try {
            if (format == Format.mrt) {
              mrt(queries);
            } else {
              rows(queries);
            }
          } catch (IOException e) {
            throw cannotWrite(e);
          } catch (UncheckedIOException e) {
            if (output == null) {
              throw e; // who reads our output had enough
            }
            throw cannotWrite(new IOException(e.getMessage(), e));
          }
        });
  }

  private void requireSource(Queries queries) throws Failure {
    var known = queries.neighbors().stream().map(NeighborRow::source).distinct().sorted().toList();
    if (source != null && !known.contains(source)) {
      throw new Failure(
          Failure.WRONG_USAGE,
          "nothing came from a source '"
              + source
              + "' (known: "
              + (known.isEmpty() ? "none" : String.join(", ", known))
              + ")");
    }
  }

  private Failure cannotWrite(IOException e) {
    if (output == null) {
      throw new UncheckedIOException(e);
    }
    String why =
        e instanceof FileSystemException it && it.getReason() != null
            ? it.getReason()
            : e instanceof java.nio.file.NoSuchFileException
                ? "there is no directory " + output.toAbsolutePath().getParent()
                : String.valueOf(e.getMessage());
    return new Failure("cannot write " + output + ": " + why, e);
  }

  private void mrt(Queries queries) throws IOException {
    Instant moment = at == null ? Instant.now() : at;
    try (TableFiles files =
        output == null
            ? TableFiles.into(program.console().octets(), moment)
            : TableFiles.into(output, moment)) {
      queries.table(
          new TableQuery(source, neighbor, family == null ? null : family.toString(), at), files);
      files.commit();
      say(files);
    }
  }

  private void say(TableFiles files) {
    Console console = program.console();
    long others = files.otherRoutes();
    if (output != null) {
      console.hint(
          "%,d routes in %s%s"
              .formatted(
                  files.routes(),
                  output,
                  others == 0
                      ? ""
                      : "; %,d of other families in %s"
                          .formatted(others, TableFiles.ofOthers(output))));
    } else if (others > 0 && files.routes() > 0) {
      console.hint(
          "%,d routes of families other than IPv4 and IPv6 are left out; --output FILE writes them"
                  .formatted(others)
              + " to a second file, --family FAMILY alone");
    }
  }

  private void rows(Queries queries) throws IOException {
    RouteQuery query =
        RouteQuery.all(PAGE)
            .withNeighbor(neighbor)
            .withFamily(family == null ? null : family.toString())
            .withActive(true)
            .withAt(at);
    if (output == null) {
      rows(queries, query, program.console());
      return;
    }
    Path temporary = output.resolveSibling(output.getFileName() + ".tmp");
    try (var file = Files.newOutputStream(temporary);
        Writer out =
            new OutputStreamWriter(
                output.toString().endsWith(".gz") ? new GZIPOutputStream(file, 1 << 16) : file,
                StandardCharsets.UTF_8)) {
      long rows = rows(queries, query, Console.of(out, program.console().err()));
      out.close();
      Files.move(
          temporary, output, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      program.console().hint("%,d routes in %s".formatted(rows, output));
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private long rows(Queries queries, RouteQuery query, Console console) {
    long[] rows = new long[1];
    Listing.Format as = format == Format.csv ? Listing.Format.csv : Listing.Format.json;
    try (Listing<RouteRow> listing = Listing.open(as, RouteColumns.ofRoutes(), console)) {
      queries.eachRoute(
          query,
          row -> {
            listing.row(row);
            rows[0]++;
          });
    }
    return rows[0];
  }
}
