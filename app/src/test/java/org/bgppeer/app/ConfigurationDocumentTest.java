package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// `docs/configuration.md` has every name that the configuration may have, from where the reader
/// has them. Written anew with `-Dbless=true`.
class ConfigurationDocumentTest {
  private static final String BEGIN =
      "<!-- from here on written by ConfigurationDocumentTest -->\n";

  @Test
  void theDocumentHasEveryName() throws Exception {
    Path file = Path.of("../docs/configuration.md");
    String before = Files.readString(file);
    int begin = before.indexOf(BEGIN);
    assertThat(begin).as("the line %s", BEGIN).isPositive();
    String wanted = before.substring(0, begin) + BEGIN + tables();
    if (Boolean.getBoolean("bless")) {
      Files.writeString(file, wanted);
    }
    assertThat(Files.readString(file)).isEqualTo(wanted);
  }

  private static String tables() {
    return table("The whole", "at the left margin", SettingKey.TOP)
        + table("Packets", "below `journal`", SettingKey.JOURNAL)
        + table("What is removed", "below `retention`", SettingKey.RETENTION)
        + table("A neighbor", "of each item of `neighbors`", SettingKey.NEIGHBOR)
        + table("Limits of routes", "below `max-prefix`", SettingKey.MAX_PREFIX)
        + table("Keys of TCP-AO", "of each item of `tcp-ao`", SettingKey.TCP_AO);
  }

  private static String table(String title, String where, List<SettingKey> keys) {
    return "\n## "
        + title
        + "\n\nNames "
        + where
        + ".\n\n| name | value | default | |\n|---|---|---|---|\n"
        + keys.stream().map(ConfigurationDocumentTest::row).collect(Collectors.joining());
  }

  private static String row(SettingKey key) {
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            key.name(), key.value(), key.usual().isEmpty() ? "needed" : key.usual(), key.text());
  }
}
