package org.bgppeer.app;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bgppeer.wire.Lines;
import org.bgppeer.wire.Mrt;
import org.bgppeer.wire.MrtError;
import org.bgppeer.wire.MrtFraming;
import org.bgppeer.wire.MrtRecord;
import org.bgppeer.wire.PeerIndex;
import org.jspecify.annotations.Nullable;

/// `decode` of an MRT file: one thread reads and decompresses, one for each processor writes runs
/// of records as text, which come out in the order of the file.
///
/// ```
/// file ─► InputFile ─► RecordReader ─► RecordText (one a processor) ─► OrderedOutput ─► stdout
///        decompresses    runs of           lines                         in order
///                      whole records
/// ```
///
/// What is in memory is bounded: some runs of a quarter of a megabyte, and at most as many texts,
/// which are handed on before they grow large.
final class MrtDecoding {
  private static final int TEXT_LIMIT = 1 << 21;
  private static final int RUNS_AHEAD = 2;

  private final InputFile file;
  private final Supplier<RecordText> formats;
  private final BrokenRecords broken;
  private final OrderedOutput out;
  private final int threads = Runtime.getRuntime().availableProcessors();
  private final RecordReader reader;
  private final List<String> said = new ArrayList<>();
  private final ConcurrentLinkedQueue<RecordText> idle = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<byte[]> buffers = new ConcurrentLinkedQueue<>();
  private @Nullable PeerIndex peers;
  private volatile @Nullable RuntimeException fault;

  /// @param formats makes what writes records, one for each thread
  /// @param err for what is broken
  MrtDecoding(
      InputFile file, Supplier<RecordText> formats, OutputStream out, Consumer<String> err) {
    this.file = file;
    this.formats = formats;
    broken = new BrokenRecords(file.name(), err);
    this.out =
        new OrderedOutput(
            out, broken::add, text -> buffers.add(text.array()), threads * RUNS_AHEAD);
    reader =
        new RecordReader(
            file,
            new MrtFraming(),
            0,
            (number, offset, what) ->
                said.add(BrokenRecords.line(file.name(), number, offset, what)));
  }

  /// Decodes all of it.
  ///
  /// @return whether all of it was well-formed; if not, `err` knows
  /// @throws IOException if the output cannot be written
  boolean run() throws IOException {
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      for (var run = reader.next(); run != null; run = reader.next()) {
        say();
        RecordReader.Run records = run;
        PeerIndex before = peers;
        findPeers(run);
        long part = out.begin();
        workers.execute(() -> write(part, records, before));
        RuntimeException thrown = fault;
        if (thrown != null) {
          throw thrown;
        }
      }
      say();
      out.await();
    } finally {
      workers.shutdownNow();
    }
    RuntimeException thrown = fault;
    if (thrown != null) {
      throw thrown;
    }
    return !broken.finish();
  }

  /// Says what was found broken between runs, when it is its turn.
  private void say() throws IOException {
    if (!said.isEmpty()) {
      out.finish(out.begin(), new Lines(0), List.copyOf(said));
      said.clear();
    }
  }

  /// Remembers the last peer index table of a run for the runs behind it.
  private void findPeers(RecordReader.Run run) {
    byte[] array = run.array();
    for (int at = run.from(); at < run.to(); at += (int) MrtRecord.length(array, at)) {
      if (Mrt.isPeerIndex(array, at)) {
        peers = decode(array, at);
      }
    }
  }

  private static @Nullable PeerIndex decode(byte[] array, int at) {
    int body = at + Mrt.HEADER_LENGTH;
    try {
      return PeerIndex.decode(array, body, (int) MrtRecord.length(array, at) - Mrt.HEADER_LENGTH);
    } catch (MrtError e) {
      return null; // whoever writes the record says so
    }
  }

  private void write(long part, RecordReader.Run run, @Nullable PeerIndex before) {
    var wrong = new ArrayList<String>();
    byte[] buffer = buffers.poll();
    var text =
        new Lines(
            buffer == null ? new byte[TEXT_LIMIT / 4] : buffer,
            TEXT_LIMIT,
            (octets, length) -> out.write(part, octets, length));
    try {
      RecordText format = idle.poll();
      if (format == null) {
        format = formats.get();
      }
      PeerIndex index = before;
      byte[] array = run.array();
      long number = run.number();
      int length;
      for (int at = run.from(); at < run.to(); at += length) {
        length = (int) MrtRecord.length(array, at);
        if (Mrt.isPeerIndex(array, at)) {
          index = decode(array, at);
        }
        long offset = run.offsetOf(at);
        String what = format.write(array, at, length, number, offset, index, text);
        if (what != null) {
          wrong.add(BrokenRecords.line(file.name(), number, offset, what));
        }
        number++;
      }
      idle.add(format);
      reader.recycle(run);
    } catch (RuntimeException e) {
      fault = e;
    } finally {
      out.finish(part, text, wrong);
    }
  }
}
