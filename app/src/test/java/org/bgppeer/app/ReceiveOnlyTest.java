package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bgppeer.journal.Journal;
import org.bgppeer.session.Collector;
import org.bgppeer.store.Database;
import org.bgppeer.web.WebServer;
import org.bgppeer.wire.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The collector cannot announce a route: what could is in the room `replay` alone, and no compiled
/// class of any other room refers to it. Names in text are no reference; a process starts by them.
class ReceiveOnlyTest {
  private static final String REPLAY = "org/bgppeer/replay/";

  /// Every name that a class file has in its constant pool: of classes, and within descriptors and
  /// signatures.
  private static Stream<String> names(byte[] classFile) {
    var names = new TreeSet<String>();
    for (PoolEntry entry : ClassFile.of().parse(classFile).constantPool()) {
      if (entry instanceof Utf8Entry utf8) {
        names.add(utf8.stringValue());
      }
    }
    return names.stream();
  }

  /// The references of a room's classes that hold `part`, each behind the class that has it.
  private static List<String> references(Class<?> member, String part)
      throws IOException, URISyntaxException {
    URI place = member.getProtectionDomain().getCodeSource().getLocation().toURI();
    Path classes = Path.of(place);
    if (Files.isDirectory(classes)) {
      return referencesBelow(classes, part);
    }
    try (var jar = FileSystems.newFileSystem(classes)) {
      return referencesBelow(jar.getPath("/"), part);
    }
  }

  private static List<String> referencesBelow(Path classes, String part) throws IOException {
    var found = new TreeSet<String>();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        names(Files.readAllBytes(file))
            .filter(name -> name.contains(part))
            .forEach(name -> found.add(file.getFileName() + " " + name));
      }
    }
    return List.copyOf(found);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        Prefix.class,
        Collector.class,
        Journal.class,
        Database.class,
        WebServer.class,
        Main.class
      })
  void noClassOfTheCollectorRefersToTheSimulatedRouter(Class<?> member) throws Exception {
    assertThat(references(member, REPLAY)).isEmpty();
    assertThat(references(member, member.getPackageName().replace('.', '/') + "/"))
        .as("the classes were read at all")
        .hasSizeGreaterThan(20);
  }

  @Test
  void aReferenceWouldBeSeen() throws Exception {
    assertThat(references(Class.forName("org.bgppeer.replay.Router"), REPLAY))
        .contains("Router.class org/bgppeer/replay/RouterOptions");
    assertThat(references(Main.class, "org/bgppeer/session/")).isNotEmpty();
  }
}
