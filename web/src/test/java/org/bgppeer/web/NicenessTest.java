package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class NicenessTest {
  @Test
  void theThreadGivesWayAndNoOther() throws Exception {
    int before = nice();
    var lowered =
        new FutureTask<>(
            () -> {
              Niceness.giveWay();
              return nice();
            });
    Thread.ofPlatform().start(lowered);

    assertThat(lowered.get()).isEqualTo(Math.max(before, 15));
    assertThat(nice()).isEqualTo(before);
  }

  /// That of this thread: proc(5), the 19th field, the 17th behind the name.
  private static int nice() throws Exception {
    String stat = Files.readString(Path.of("/proc/thread-self/stat"));
    return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
  }
}
