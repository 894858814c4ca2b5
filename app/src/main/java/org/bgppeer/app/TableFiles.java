package org.bgppeer.app;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.bgppeer.store.TableSink;
import org.bgppeer.wire.Family;
import org.bgppeer.wire.PeerIndex;
import org.bgppeer.wire.TableDump;
import org.bgppeer.wire.WireWriter;
import org.jspecify.annotations.Nullable;

/// A table as MRT TABLE_DUMP_V2: the routes of IPv4 and IPv6, unicast and multicast, in one file,
/// those of all other families in a second one, which many programs cannot read.
///
/// Files appear under their names when they are complete: until [#commit] they are `NAME.tmp`.
final class TableFiles implements TableSink, Closeable {
  private static final int BUFFER = 1 << 16;

  private final @Nullable Path file;
  private final Instant at;
  private final @Nullable OutputStream stdout;
  private @Nullable Part main;
  private @Nullable Part others;
  private long collector;
  private List<PeerIndex.Peer> peers = List.of();
  private long routes;
  private long otherRoutes;

  private TableFiles(@Nullable Path file, @Nullable OutputStream stdout, Instant at) {
    this.file = file;
    this.stdout = stdout;
    this.at = at;
  }

  /// Into a file, and into [#ofOthers] if there are such routes; both packed if the name ends in
  /// `.gz`.
  static TableFiles into(Path file, Instant at) {
    return new TableFiles(file, null, at);
  }

  /// Into a stream, which stays open; routes of other families only if there are no others.
  static TableFiles into(OutputStream stdout, Instant at) {
    return new TableFiles(null, stdout, at);
  }

  /// `rib-other.mrt.gz` for `rib.mrt.gz`.
  static Path ofOthers(Path file) {
    String name = file.getFileName().toString();
    int dot = name.indexOf('.', 1);
    return file.resolveSibling(
        dot < 0 ? name + "-other" : name.substring(0, dot) + "-other" + name.substring(dot));
  }

  /// How many routes were written into the first file or the stream.
  long routes() {
    return routes;
  }

  /// How many routes of other families there were.
  long otherRoutes() {
    return otherRoutes;
  }

  @Override
  public void begin(long id, List<PeerIndex.Peer> list) throws IOException {
    collector = id;
    peers = list;
    if (stdout == null) {
      main = new Part(file);
    }
  }

  @Override
  public void route(
      int peer,
      Family family,
      byte[] key,
      long pathId,
      long validFrom,
      byte[] attributes,
      byte @Nullable [] nlri)
      throws IOException {
    boolean other = nlri != null;
    if (other) {
      otherRoutes++;
      if (stdout != null && routes > 0) {
        return;
      }
    } else {
      routes++;
    }
    Part part = other && stdout == null ? others : main;
    if (part == null) {
      part = new Part(file == null ? null : ofOthers(file));
      if (other && stdout == null) {
        others = part;
      } else {
        main = part;
      }
    }
    part.route(peer, family, key, pathId, validFrom / 1_000_000, attributes, nlri);
  }

  /// Completes what was written and gives the files their names.
  void commit() throws IOException {
    if (main == null) {
      main = new Part(file);
    }
    main.finish();
    if (others != null) {
      others.finish();
    }
    main.rename();
    if (others != null) {
      others.rename();
    }
  }

  /// Removes what was not completed.
  @Override
  public void close() throws IOException {
    if (main != null) {
      main.close();
    }
    if (others != null) {
      others.close();
    }
  }

  /// One stream of records.
  private final class Part implements Closeable {
    private final @Nullable Path name;
    private final @Nullable Path temporary;
    private final @Nullable FileChannel channel;
    private final OutputStream out;
    private final WireWriter records = new WireWriter(BUFFER);
    private final TableDump dump = new TableDump(records, at);
    private @Nullable Family family;
    private byte[] key = {};
    private long recordPathId;
    private boolean open;
    private boolean renamed;

    Part(@Nullable Path name) throws IOException {
      this.name = name;
      if (name == null) {
        temporary = null;
        channel = null;
        out = stdout == null ? OutputStream.nullOutputStream() : stdout;
      } else {
        temporary = name.resolveSibling(name.getFileName() + ".tmp");
        channel =
            FileChannel.open(
                temporary,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        var plain = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
        out = name.toString().endsWith(".gz") ? new GZIPOutputStream(plain, BUFFER) : plain;
      }
      dump.peers(new PeerIndex(collector, "", peers));
    }

    void route(
        int peer,
        Family of,
        byte[] routeKey,
        long pathId,
        long originated,
        byte[] attributes,
        byte @Nullable [] nlri)
        throws IOException {
      // A record has either path identifiers or none, one of a generic route has one for all, and
      // what stands beside the key may differ from peer to peer.
      boolean same =
          open
              && nlri == null
              && of.equals(family)
              && pathId < 0 == recordPathId < 0
              && Arrays.equals(key, routeKey);
      if (!same) {
        end();
        dump.route(of, routeKey, nlri, pathId);
        open = true;
        family = of;
        key = routeKey;
        recordPathId = pathId;
      }
      dump.entry(peer, originated, pathId, attributes);
    }

    private void end() throws IOException {
      if (open) {
        dump.end();
        open = false;
      }
      if (records.length() >= BUFFER / 2) {
        flush();
      }
    }

    private void flush() throws IOException {
      out.write(records.array(), 0, records.length());
      records.clear();
    }

    void finish() throws IOException {
      end();
      flush();
      if (out instanceof GZIPOutputStream gzip) {
        gzip.finish();
      }
      out.flush();
      if (channel != null) {
        channel.force(true);
        channel.close();
      }
    }

    void rename() throws IOException {
      if (name != null && temporary != null) {
        Files.move(
            temporary, name, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        renamed = true;
      }
    }

    @Override
    public void close() throws IOException {
      if (channel != null && temporary != null && !renamed) {
        channel.close();
        Files.deleteIfExists(temporary);
      }
    }
  }
}
