package org.bgppeer.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.bgppeer.wire.Family;
import org.jspecify.annotations.Nullable;

/// Reads the routes of a table in the order of their keys, some thousand ahead of who asks for
/// them, in a thread and over a connection of its own: as they are after the last transaction.
final class RowsAhead implements AutoCloseable {
  private static final int ROWS_A_BLOCK = 512;
  private static final int BLOCKS = 4;

  /// Behind the last block.
  private static final List<RouteVersion> END = List.of();

  private final Connection connection;
  private final PreparedStatement select;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("projector-ahead").factory());

  /// @param connection to read; closed with this object, which uses it alone
  RowsAhead(Connection connection) throws SQLException {
    this.connection = connection;
    select =
        connection.prepareStatement(
            "SELECT "
                + RouteVersion.COLUMNS
                + """
                , prefix_key, path_id FROM route r
                WHERE neighbor_id = ? AND family = ? AND prefix_key >= ? AND prefix_key <= ?
                ORDER BY prefix_key, path_id\
                """);
  }

  /// Begins to read; what was read before is closed.
  Rows read(int neighborId, int family, byte[] from, byte[] to) {
    var rows = new Rows(neighborId, family, from, to);
    thread.execute(rows::readAll);
    return rows;
  }

  /// The routes of a table from one key to another.
  final class Rows implements AutoCloseable {
    private final BlockingQueue<List<RouteVersion>> blocks = new ArrayBlockingQueue<>(BLOCKS);
    private final int neighborId;
    private final int family;
    private final byte[] from;
    private final byte[] to;
    private volatile boolean isOver;
    private volatile @Nullable Exception failure;
    private List<RouteVersion> block;
    private int next;

    private Rows(int neighborId, int family, byte[] from, byte[] to) {
      this.neighborId = neighborId;
      this.family = family;
      this.from = from;
      this.to = to;
      block = new ArrayList<>();
    }

    private void readAll() {
      boolean hasNlri = !Family.ofCode(family).hasPlainPrefixes();
      try {
        select.setInt(1, neighborId);
        select.setInt(2, family);
        select.setBytes(3, from);
        select.setBytes(4, to);
        try (var row = select.executeQuery()) {
          var read = new ArrayList<RouteVersion>(ROWS_A_BLOCK);
          while (!isOver && row.next()) {
            int key = RouteVersion.COLUMN_COUNT + 1;
            read.add(RouteVersion.of(row, row.getBytes(key), row.getLong(key + 1), hasNlri));
            if (read.size() == ROWS_A_BLOCK) {
              put(read);
              read = new ArrayList<>(ROWS_A_BLOCK);
            }
          }
          if (!read.isEmpty()) {
            put(read);
          }
        }
      } catch (SQLException | RuntimeException e) {
        failure = e; // of who asks
      } finally {
        put(END);
      }
    }

    private void put(List<RouteVersion> read) {
      try {
        blocks.put(read);
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody interrupts this thread", e);
      }
    }

    /// The next route, which stays the next one; null behind the last.
    @Nullable RouteVersion peek() throws SQLException {
      if (next == block.size() && block != END) {
        block = take();
        next = 0;
        if (block == END) {
          check();
        }
      }
      return block == END ? null : block.get(next);
    }

    private void check() throws SQLException {
      switch (failure) {
        case null -> {}
        case SQLException e -> throw e;
        case Exception e -> throw new IllegalStateException(e);
      }
    }

    /// Passes over the one that [#peek] gave.
    void skip() {
      next++;
    }

    private List<RouteVersion> take() {
      boolean interrupted = false;
      try {
        while (true) {
          try {
            return blocks.take();
          } catch (InterruptedException e) {
            interrupted = true; // what reads must come to its end first
          }
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    /// Ends the reading.
    @Override
    public void close() {
      isOver = true;
      while (block != END) {
        block = take();
      }
    }
  }

  @Override
  public void close() throws SQLException {
    thread.shutdown();
    connection.close();
  }
}
