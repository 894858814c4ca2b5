package org.bgppeer.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How `run` is configured: by a file, by options, or by both; what an option says counts.
final class RunOptions {
  private static final Path USUAL_FILE = Path.of("bgp-peer.yaml");

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration file. Default: bgp-peer.yaml, if no --local-as is given.")
  @Nullable Path file;

  @Option(names = "--local-as", paramLabel = "AS", description = "Our AS number.")
  @Nullable String localAs;

  @Option(
      names = "--router-id",
      paramLabel = "ADDRESS",
      description = "Our BGP identifier, an IPv4 address.")
  @Nullable String routerId;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS:PORT",
      description =
          "Where neighbors may connect to; several are allowed, none for nowhere. Default:"
              + " 0.0.0.0:179 and [::]:179.")
  @Nullable List<String> listen;

  @Option(
      names = "--neighbor",
      paramLabel = "ADDRESS,as=N[,...]",
      description =
          "One router: 192.0.2.1,as=64500 and what else the configuration file has for a neighbor:"
              + " name=..., port=N, passive, active, local-address=A, password-file=F, hold-time=S,"
              + " families=F+F, add-path=false. Several are allowed.")
  @Nullable List<String> neighbors;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where journal and database are kept. Default: ./data.")
  @Nullable String data;

  @Option(
      names = "--db",
      paramLabel = "JDBC-URL",
      description =
          "The database, if it is not to be SQLite in the data directory:"
              + " jdbc:postgresql://HOST:PORT/DATABASE?user=NAME. Default: what BGP_PEER_DB says.")
  @Nullable String db;

  @Option(
      names = "--web",
      paramLabel = "ADDRESS:PORT",
      description = "Where the pages are. Default: 127.0.0.1:8179.")
  @Nullable String web;

  @Option(
      names = "--public-read-only",
      description = "Everybody who reaches the pages may read them.")
  boolean publicReadOnly;

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description = "The pages as HTTPS: the certificate with its chain, in PEM.")
  @Nullable String certificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "The key of it, in PEM.")
  @Nullable String key;

  @Option(
      names = "--as-names",
      paramLabel = "FILE",
      description = "What AS are called. Default: as-names.txt in the data directory.")
  @Nullable String asNames;

  @Option(names = "--no-web", description = "No pages.")
  boolean noWeb;

  private @Nullable ConfigurationFile reader;

  /// The configuration file; null if the options are all there is.
  @Nullable Path file() {
    return file == null && localAs == null && Files.exists(USUAL_FILE) ? USUAL_FILE : file;
  }

  /// The configuration.
  ///
  /// @throws BadConfiguration with everything that is wrong with it
  Configuration read() throws BadConfiguration {
    Path chosen = file();
    if (chosen == null) {
      if (localAs == null) {
        throw new BadConfiguration(
            new Place("bgp-peer run", 0),
            "there is no bgp-peer.yaml here, and no -c FILE or --local-as was given",
            "write one like bgp-peer.example.yaml, or see ./bgp-peer run --help");
      }
      return ConfigurationReader.read(options(), Path.of(""));
    }
    if (reader == null || !reader.path().equals(chosen)) {
      reader = new ConfigurationFile(chosen, settings -> over(settings, options()));
    }
    return reader.read();
  }

  /// The file's settings with those of the command line over them; neighbors of both are kept.
  private static Setting.Entries over(Setting.Entries file, Setting.Entries options) {
    var merged = new ArrayList<>(file.entries());
    for (Setting.Entry option : options.entries()) {
      List<Setting.Entry> replaced =
          merged.stream().filter(entry -> entry.key().equals(option.key())).toList();
      merged.removeAll(replaced);
      merged.add(
          !replaced.isEmpty()
                  && replaced.getFirst().value() instanceof Setting.Items before
                  && option.key().equals("neighbors")
              ? new Setting.Entry(
                  option.place(), option.key(), joined(before, (Setting.Items) option.value()))
              : option);
    }
    return new Setting.Entries(file.place(), merged);
  }

  private static Setting.Items joined(Setting.Items first, Setting.Items second) {
    var values = new ArrayList<>(first.values());
    values.addAll(second.values());
    return new Setting.Items(first.place(), values);
  }

  private Setting.Entries options() {
    var entries = new ArrayList<Setting.Entry>();
    add(entries, "--local-as", "local-as", localAs);
    add(entries, "--router-id", "router-id", routerId);
    add(entries, "--data", "data", data == null ? null : Path.of(data).toAbsolutePath().toString());
    add(entries, "--db", "db", db);
    add(entries, noWeb ? "--no-web" : "--web", "web", noWeb ? "none" : web);
    add(entries, "--public-read-only", "public-read-only", publicReadOnly ? "true" : null);
    add(entries, "--tls-certificate", "tls-certificate", absolute(certificate));
    add(entries, "--tls-key", "tls-key", absolute(key));
    add(entries, "--as-names", "as-names", absolute(asNames));
    if (listen != null) {
      var place = new Place("--listen", 0);
      entries.add(
          new Setting.Entry(
              place,
              "listen",
              new Setting.Items(
                  place,
                  listen.stream().<Setting>map(text -> new Setting.Text(place, text)).toList())));
    }
    if (neighbors != null) {
      entries.add(
          new Setting.Entry(
              new Place("--neighbor", 0),
              "neighbors",
              new Setting.Items(
                  new Place("--neighbor", 0),
                  neighbors.stream().map(RunOptions::neighbor).toList())));
    }
    return new Setting.Entries(new Place("bgp-peer run", 0), entries);
  }

  private static @Nullable String absolute(@Nullable String file) {
    return file == null ? null : Path.of(file).toAbsolutePath().toString();
  }

  private static void add(
      List<Setting.Entry> entries, String option, String key, @Nullable String value) {
    if (value != null) {
      var place = new Place(option, 0);
      entries.add(new Setting.Entry(place, key, new Setting.Text(place, value)));
    }
  }

  /// `192.0.2.1,as=64500,passive` as the entries of a neighbor.
  private static Setting neighbor(String text) {
    var place = new Place("--neighbor " + text, 0);
    var entries = new ArrayList<Setting.Entry>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      String key = equals < 0 ? part : part.substring(0, equals);
      String value = equals < 0 ? "true" : part.substring(equals + 1);
      if (entries.isEmpty() && equals < 0) {
        key = "address";
        value = part;
      }
      if (key.equals("password-file")) {
        value = Path.of(value).toAbsolutePath().toString(); // not relative to the file of -c
      }
      Setting setting =
          key.equals("families")
              ? new Setting.Items(
                  place,
                  List.of(value.split("\\+", -1)).stream()
                      .<Setting>map(family -> new Setting.Text(place, family))
                      .toList())
              : new Setting.Text(place, value);
      entries.add(new Setting.Entry(place, key, setting));
    }
    return new Setting.Entries(place, entries);
  }
}
