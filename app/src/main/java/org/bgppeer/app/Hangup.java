package org.bgppeer.app;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/// The signal HUP, by which daemons are told to read their configuration again. Java has it only in
/// a package that the compiler warns of, and a warning is an error here: so by reflection. Without
/// it, on another system, there still is `reload`.
final class Hangup {
  private Hangup() {}

  /// Runs the task at each HUP, on a thread of the system's choice.
  static void onHangup(Runnable task) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler run =
          (proxy, method, arguments) ->
              switch (method.getName()) {
                case "handle" -> {
                  task.run();
                  yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "HUP";
              };
      Object proxy =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, run);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), proxy);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return; // no such signal here
    }
  }
}
