package org.bgppeer.web;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Threads that make pages give way to those that receive and store: what is not recorded is lost,
/// and a page comes a moment later.
///
/// Linux shares the processors by the nice value of each thread (`sched(7)`); Java's own thread
/// priorities have no effect there. Elsewhere `setpriority(2)` is about whole processes, and
/// nothing is done.
final class Niceness {
  private static final Logger log = LoggerFactory.getLogger(Niceness.class);

  /// Of two threads on one processor the other one gets 29 parts of 30.
  private static final int NICE = 15;

  private static final int PRIO_PROCESS = 0;
  private static final int THIS_THREAD = 0;

  private static final @Nullable Calls CALLS =
      System.getProperty("os.name").equals("Linux") ? Calls.find() : null;

  private record Calls(MethodHandle getPriority, MethodHandle setPriority) {
    @SuppressWarnings("restricted") // a function of the system cannot be called in another way
    static @Nullable Calls find() {
      var linker = Linker.nativeLinker();
      var library = linker.defaultLookup();
      var get = library.find("getpriority").orElse(null);
      var set = library.find("setpriority").orElse(null);
      return get == null || set == null
          ? null
          : new Calls(
              linker.downcallHandle(get, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT)),
              linker.downcallHandle(
                  set, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT)));
    }
  }

  private Niceness() {}

  /// Lowers the thread that runs this, or carries it if it is a virtual one, for good. One that is
  /// lower already stays so.
  static void giveWay() {
    Calls calls = CALLS;
    if (calls == null) {
      return;
    }
    try {
      int now = (int) calls.getPriority.invokeExact(PRIO_PROCESS, THIS_THREAD);
      if (now < NICE && (int) calls.setPriority.invokeExact(PRIO_PROCESS, THIS_THREAD, NICE) < 0) {
        log.debug("a thread that makes pages stays as important as any other");
      }
    } catch (Throwable e) {
      throw new IllegalStateException("setpriority", e);
    }
  }
}
