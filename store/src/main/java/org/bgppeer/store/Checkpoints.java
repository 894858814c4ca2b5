package org.bgppeer.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Moves what SQLite's write-ahead log holds into the database file, in a thread and a connection
/// of its own, so that no commit ever waits for it: the end of a session is seen at once although a
/// table has just been written.
///
/// The log is moved when it holds [#PAGES]: a page of a full table that comes in is moved once then
/// and not a dozen times. The writer begins the log anew by itself when all of it was moved. Where
/// it never pauses, as when many tables come in, that never is; so from [#MOST] pages on it waits,
/// for else the log would grow as long as that lasts: before a large transaction, so that no small
/// one, such as the end of a session, has to. If somebody reads for so long that it cannot begin
/// anew, the log may become twice as long before the writer waits again.
final class Checkpoints implements AfterCommit {
  /// 128 MiB.
  static final int PAGES = 32_768;

  /// 1 GiB.
  static final int MOST = 262_144;

  /// So long the writer waits at most for those who need the log to read.
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Connection connection;
  private final int pages;
  private final int most;
  private long allowed;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Condition looked = lock.newCondition();
  private boolean committed;
  private boolean tooLong;
  private long looks;
  private boolean closing;

  /// @param connection in auto-commit; closed with this object
  /// @param pages that may gather in the log
  /// @param most pages of the log, before the writer waits
  /// @param patience of the writer
  Checkpoints(Connection connection, int pages, int most, Duration patience) throws SQLException {
    this.connection = connection;
    this.pages = pages;
    this.most = most;
    allowed = most;
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = " + patience.toMillis());
    }
    thread = Thread.ofPlatform().name("projector-checkpoint").start(this::run);
  }

  @Override
  public void committed() {
    lock.lock();
    try {
      committed = true;
      news.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Waits if the log is too long.
  @Override
  public void awaitRoom() {
    lock.lock();
    try {
      committed |= tooLong; // so that somebody looks
      news.signal();
      long before = looks;
      while (tooLong && looks == before && thread.isAlive()) {
        looked.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    boolean failing = false;
    try {
      while (awaitCommit()) {
        try {
          looked(look());
          failing = false;
        } catch (SQLException e) {
          if (!failing) { // the log stays and grows, nothing is lost; tried again at each commit
            StoreLog.checkpointFailed(e);
          }
          failing = true;
          looked(false);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Moves what the log holds, if that is much.
  ///
  /// @return whether the log is too long, so that the writer has to wait for the next time
  private boolean look() throws SQLException {
    boolean waiting = isTooLong();
    var log = checkpoint("NOOP");
    if (waiting || log.unmoved >= pages) {
      log = checkpoint("PASSIVE");
    }
    if (waiting) {
      // nobody can commit meanwhile, so there must be little left to move
      boolean isRead = log.unmoved >= pages || checkpoint("RESTART").isInUse;
      allowed = isRead ? 2 * Math.max(log.pages, most) : most;
      return false;
    }
    if (log.pages < most) {
      allowed = most;
    }
    return log.pages >= allowed;
  }

  private boolean isTooLong() {
    lock.lock();
    try {
      return tooLong;
    } finally {
      lock.unlock();
    }
  }

  private void looked(boolean nowTooLong) {
    lock.lock();
    try {
      tooLong = nowTooLong;
      looks++;
      looked.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits; false once there was the last.
  private boolean awaitCommit() throws InterruptedException {
    lock.lock();
    try {
      while (!committed && !closing) {
        news.await();
      }
      boolean more = committed;
      committed = false;
      return more;
    } finally {
      lock.unlock();
    }
  }

  /// @param isInUse whether somebody still reads in it, so that it did not begin anew
  /// @param pages in the log
  /// @param unmoved of them: those that are not in the database
  private record Log(boolean isInUse, long pages, long unmoved) {}

  /// The log behind a checkpoint of this mode.
  private Log checkpoint(String mode) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("PRAGMA wal_checkpoint(" + mode + ")")) {
      return new Log(row.getInt(1) != 0, row.getLong(2), row.getLong(2) - row.getLong(3));
    }
  }

  @Override
  public void close() throws SQLException {
    lock.lock();
    try {
      closing = true;
      news.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connection.close();
  }
}
