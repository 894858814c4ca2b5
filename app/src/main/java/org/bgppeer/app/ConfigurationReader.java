package org.bgppeer.app;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bgppeer.journal.JournalOptions;
import org.bgppeer.journal.JournalRetention;
import org.bgppeer.session.LocalConfig;
import org.bgppeer.session.NeighborConfig;
import org.bgppeer.session.TcpAoKey;
import org.bgppeer.store.Database;
import org.bgppeer.store.DatabaseRetention;
import org.bgppeer.store.DatabaseUnavailable;
import org.bgppeer.wire.MrtFormat;
import org.jspecify.annotations.Nullable;

/// Judges settings. It never stops at the first thing that is wrong: whoever writes a configuration
/// wants all of it at once.
///
/// A value that is wrong is reported, and replaced by one that is harmless for the checks that
/// follow.
final class ConfigurationReader {
  static final InetSocketAddress DEFAULT_WEB = new InetSocketAddress(loopback(), 8179);
  static final String DEFAULT_DATA = "data";

  private final SettingValues values = new SettingValues();
  private final Path base;
  private final Map<Integer, Setting.Known> understood;
  private final Function<TcpAoKey.Algorithm, String> whyNot;

  private ConfigurationReader(
      Path base,
      Map<Integer, Setting.Known> understood,
      Function<TcpAoKey.Algorithm, String> whyNot) {
    this.base = base;
    this.understood = understood;
    this.whyNot = whyNot;
  }

  /// Reads a configuration file.
  ///
  /// @throws BadConfiguration with everything that is wrong in it
  static Configuration read(Path file) throws BadConfiguration {
    return read(YamlFile.read(file), directoryOf(file));
  }

  /// Judges settings from wherever they came.
  ///
  /// @param base what relative file names are relative to
  /// @throws BadConfiguration with everything that is wrong with them
  static Configuration read(Setting.Entries settings, Path base) throws BadConfiguration {
    return read(settings, base, new HashMap<>());
  }

  /// The same.
  ///
  /// @param understood takes the neighbors that need not be judged again while their lines, and
  ///     what stands around all neighbors, are the same; by their first lines
  static Configuration read(
      Setting.Entries settings, Path base, Map<Integer, Setting.Known> understood)
      throws BadConfiguration {
    return read(settings, base, understood, TcpAoKey.Algorithm::whyNotHere);
  }

  /// The same on another kernel.
  ///
  /// @param whyNot why it cannot sign so; empty if it can
  static Configuration read(
      Setting.Entries settings,
      Path base,
      Map<Integer, Setting.Known> understood,
      Function<TcpAoKey.Algorithm, String> whyNot)
      throws BadConfiguration {
    var reader = new ConfigurationReader(base, understood, whyNot);
    Configuration configuration = reader.configuration(settings);
    List<Problem> problems = reader.values.problems;
    if (!problems.isEmpty()) {
      problems.sort(Comparator.comparingInt(problem -> problem.place().line()));
      throw new BadConfiguration(problems);
    }
    return configuration;
  }

  /// The directory that a file's relative names are relative to: its own.
  static Path directoryOf(Path file) {
    Path parent = file.getParent();
    return parent == null ? Path.of("") : parent;
  }

  private Configuration configuration(Setting.Entries settings) {
    var fields =
        new Fields(
            settings, "the configuration", SettingKey.names(SettingKey.TOP), values.problems);
    long localAs = values.as(fields, "local-as");
    long routerId = routerId(fields);
    List<InetSocketAddress> listen = listen(fields);
    String data = fields.text("data");
    String db = db(fields);
    InetSocketAddress web = web(fields);
    Duration holdTime = values.holdTime(fields, NeighborConfig.DEFAULT_HOLD_TIME);
    Fields journal = section(fields, "journal", SettingKey.JOURNAL);
    JournalOptions options = journalOptions(journal);
    Fields retention = section(fields, "retention", SettingKey.RETENTION);
    Keeping keeping = keeping(retention, journal);
    if (db != null && keeping.database().databaseOctets() > 0) {
      values.bad(
          retention.place("database-size"),
          "database-size is for SQLite, and the database is one of a server",
          "leave it out, and limit history instead");
    }
    var neighbors =
        new NeighborReader(
            values, new KeyReader(values, base, whyNot), holdTime, !listen.isEmpty(), understood);
    neighbors.read(fields);
    var local = LocalConfig.of(localAs, routerId, listen).withHostName(hostName(fields), "");
    return new Configuration(
        local,
        base.resolve(data == null ? DEFAULT_DATA : data).normalize(),
        db,
        web,
        reach(fields),
        asNames(fields),
        options,
        keeping,
        neighbors.neighbors(),
        neighbors.ranges(),
        neighbors.muted(),
        fields.flag("watch", false),
        values.warnings);
  }

  private @Nullable String db(Fields fields) {
    String url = fields.text("db");
    if (url == null) {
      return System.getenv(DataOption.DB_VARIABLE);
    }
    try {
      Database.placeOf(url);
    } catch (DatabaseUnavailable e) {
      String[] parts = String.valueOf(e.getMessage()).split("; ", 2);
      values.bad(fields.place("db"), parts[0], parts[1]);
    }
    return url;
  }

  private String hostName(Fields fields) {
    String name = fields.text("host-name");
    if (name == null) {
      return System.getenv().getOrDefault("HOSTNAME", "");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > 64) {
      values.bad(fields.place("host-name"), "host-name is too long", "allowed are up to 64 octets");
    }
    return name;
  }

  private JournalOptions journalOptions(Fields fields) {
    var defaults = JournalOptions.defaults();
    Duration minute = Duration.ofMinutes(1);
    Duration day = Duration.ofDays(1);
    Duration rotation = values.duration(fields, "rotation", defaults.rotation(), minute, day);
    if (rotation.toSeconds() % 60 != 0 || day.toSeconds() % rotation.toSeconds() != 0) {
      values.bad(
          fields.place("rotation"),
          "rotation is '" + fields.text("rotation") + "'",
          "allowed are whole minutes that divide a day, such as 5m, 15m or 1h");
      rotation = defaults.rotation();
    }
    Duration sync = values.duration(fields, "sync", defaults.fsync(), Duration.ofMillis(1), minute);
    return defaults.withRotation(rotation).withFsync(sync).withFormat(format(fields));
  }

  private MrtFormat format(Fields fields) {
    String text = fields.text("format");
    if (text != null && text.equals("bgp4mp")) {
      return MrtFormat.BGP4MP;
    }
    if (text != null && !text.equals("bgp4mp-et")) {
      values.bad(
          fields.place("format"),
          "format is '" + text + "'",
          "allowed are bgp4mp-et (times in microseconds) and bgp4mp (in seconds)");
    }
    return MrtFormat.BGP4MP_ET;
  }

  private Keeping keeping(Fields fields, Fields journal) {
    return new Keeping(
        new JournalRetention(values.age(fields, "packets"), values.octets(fields, "packets-size")),
        new DatabaseRetention(
            values.age(fields, "history"),
            values.octets(fields, "database-size"),
            values.age(fields, "log")),
        ribDump(journal));
  }

  private @Nullable Duration ribDump(Fields fields) {
    String text = fields.text("rib-dump");
    if (text == null || text.equals("none")) {
      return null;
    }
    Duration usual = Duration.ofHours(8);
    Duration day = Duration.ofDays(1);
    Duration every = values.duration(fields, "rib-dump", usual, Duration.ofMinutes(1), day);
    if (every.toSeconds() % 60 != 0 || day.toSeconds() % every.toSeconds() != 0) {
      values.bad(
          fields.place("rib-dump"),
          "rib-dump is '" + text + "'",
          "allowed are whole minutes that divide a day, such as 8h, 2h or 30m, and none");
      return usual;
    }
    return every;
  }

  /// The names with values below a key.
  private Fields section(Fields fields, String key, List<SettingKey> keys) {
    Setting value = fields.value(key);
    List<String> names = SettingKey.names(keys);
    if (value instanceof Setting.Entries entries) {
      return new Fields(entries, key, names, values.problems);
    }
    if (value != null) {
      values.bad(
          value.place(),
          key + " is not names with values",
          "allowed are " + String.join(", ", names) + " below it");
    }
    return new Fields(new Setting.Entries(fields.place(), List.of()), key, names, values.problems);
  }

  private List<InetSocketAddress> listen(Fields fields) {
    List<Setting.Text> texts = fields.texts("listen");
    if (fields.value("listen") == null) {
      return List.of(
          new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), NeighborConfig.BGP_PORT),
          new InetSocketAddress(InetAddress.ofLiteral("::"), NeighborConfig.BGP_PORT));
    }
    var listen = new LinkedHashSet<InetSocketAddress>();
    for (Setting.Text text : texts) {
      if (text.value().equals("none")) {
        if (texts.size() > 1) {
          values.bad(text.place(), "listen says none and something else", "say one of both");
        }
        return List.of();
      }
      try {
        InetSocketAddress address = Address.parseWithPort(text.value());
        if (!listen.add(address)) {
          values.bad(text.place(), "listen has " + text.value() + " twice", "name it once");
        }
      } catch (IllegalArgumentException e) {
        values.bad(
            text.place(),
            "listen: " + e.getMessage(),
            "allowed are ADDRESS:PORT such as 0.0.0.0:179 or [::]:179, and none");
      }
    }
    return List.copyOf(listen);
  }

  private @Nullable InetSocketAddress web(Fields fields) {
    String text = fields.text("web");
    if (text == null) {
      return DEFAULT_WEB;
    }
    if (text.equals("none")) {
      return null;
    }
    try {
      InetSocketAddress address = Address.parseWithPort(text);
      if (!address.getAddress().isLoopbackAddress() && fields.flag("public-read-only", false)) {
        values.warnings.add(
            fields.place("web")
                + ": the web pages on "
                + text
                + " are open to everybody who can reach that address; they only show, they change"
                + " nothing");
      }
      return address;
    } catch (IllegalArgumentException e) {
      values.bad(
          fields.place("web"),
          "web: " + e.getMessage(),
          "allowed are ADDRESS:PORT such as 127.0.0.1:8179, and none");
      return null;
    }
  }

  private WebReach reach(Fields fields) {
    String certificate = fields.text("tls-certificate");
    String key = fields.text("tls-key");
    if ((certificate == null) != (key == null)) {
      values.bad(
          fields.place(certificate == null ? "tls-key" : "tls-certificate"),
          certificate == null ? "tls-certificate is missing" : "tls-key is missing",
          "a certificate and its key belong together");
    }
    return new WebReach(
        fields.flag("public-read-only", false),
        certificate == null ? null : base.resolve(certificate),
        key == null ? null : base.resolve(key));
  }

  private @Nullable Path asNames(Fields fields) {
    String text = fields.text("as-names");
    if (text == null) {
      return null;
    }
    Path file = base.resolve(text);
    if (!Files.isReadable(file)) {
      values.warnings.add(
          fields.place("as-names")
              + ": there is no "
              + file
              + " that can be read, so AS have no names until there is");
    }
    return file;
  }

  private long routerId(Fields fields) {
    String allowed = "allowed is an IPv4 address other than 0.0.0.0, as a rule one of this host";
    String text = fields.text("router-id");
    if (text == null) {
      if (fields.value("router-id") == null) {
        values.bad(fields.place(), "router-id is missing", allowed);
      }
      return 1;
    }
    try {
      if (Address.parse(text) instanceof Inet4Address v4 && !v4.isAnyLocalAddress()) {
        return Integer.toUnsignedLong(ByteBuffer.wrap(v4.getAddress()).getInt());
      }
    } catch (IllegalArgumentException _) {
      // said below, with what is allowed here
    }
    values.bad(fields.place("router-id"), "router-id is '" + text + "'", allowed);
    return 1;
  }

  private static InetAddress loopback() {
    return InetAddress.ofLiteral("127.0.0.1");
  }
}
