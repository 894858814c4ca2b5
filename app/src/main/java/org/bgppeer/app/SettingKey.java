package org.bgppeer.app;

import java.util.List;

/// A name that may stand in the configuration, and what there is to know about it: this is what the
/// reader takes, and what `docs/configuration.md` is made from.
///
/// @param name as it is written
/// @param value what may stand behind it, in words
/// @param usual what counts if it is left out; empty if it must not be
/// @param text what it does
record SettingKey(String name, String value, String usual, String text) {

  /// The names at the top of the file.
  static final List<SettingKey> TOP =
      List.of(
          key("local-as", "1..4294967295", "", "Our AS number."),
          key(
              "router-id",
              "an IPv4 address",
              "",
              "Our BGP identifier, as a rule an address of this host."),
          key(
              "host-name",
              "up to 64 octets",
              "`$HOSTNAME`",
              "What we are called, told to neighbors (FQDN capability)."),
          key(
              "listen",
              "ADDRESS:PORT, a list of them, or `none`",
              "`[0.0.0.0:179, \"[::]:179\"]`",
              "Where neighbors may connect to. Port 179 needs a permission."),
          key("data", "a directory", "`data`", "Where journal and database are kept."),
          key(
              "db",
              "a JDBC URL",
              "SQLite in `data`",
              "`jdbc:postgresql://HOST:PORT/DATABASE?user=NAME`: see"
                  + " [postgresql.md](postgresql.md)."),
          key(
              "web",
              "ADDRESS:PORT, or `none`",
              "`127.0.0.1:8179`",
              "Where the pages are. Beyond this machine they need users (`./bgp-peer user`) or"
                  + " `public-read-only`: see [pages.md](pages.md)."),
          key(
              "public-read-only",
              "true or false",
              "false",
              "Everybody who reaches the pages may read them, whether there are users or not."),
          key(
              "tls-certificate",
              "a file",
              "HTTP",
              "The certificate of the pages with its chain, in PEM: they are HTTPS then."),
          key("tls-key", "a file", "HTTP", "The key of the certificate, in PEM (PKCS #8)."),
          key(
              "as-names",
              "a file",
              "`as-names.txt`, `as-names.csv` or `asns.csv` in `data`, if one is there",
              "What autonomous systems are called on the pages: see"
                  + " [pages.md](pages.md#what-autonomous-systems-are-called)."),
          key(
              "hold-time",
              "0 (off) or 3..65535, in seconds",
              "90",
              "What we propose to each neighbor that has no `hold-time` of its own."),
          key(
              "watch",
              "true or false",
              "false",
              "Apply the file whenever it changes; without, `./bgp-peer reload` or SIGHUP does."),
          key("journal", "names with values, see below", "all as below", "How packets are kept."),
          key(
              "retention",
              "names with values, see below",
              "everything is kept",
              "What is removed when it is old, or when there is too much of it."),
          key(
              "neighbors",
              "a list, see below",
              "nobody",
              "The routers that routes are taken from, one item each."));

  /// Those below `journal`.
  static final List<SettingKey> JOURNAL =
      List.of(
          key(
              "rotation",
              "1m..24h, whole minutes that divide a day",
              "5m",
              "A new file begins after this time."),
          key("sync", "1ms..1m", "100ms", "How long a packet may wait to be on the disk for good."),
          key(
              "format",
              "`bgp4mp-et` or `bgp4mp`",
              "`bgp4mp-et`",
              "With times in microseconds, or in seconds for programs that need that."),
          key(
              "rib-dump",
              "1m..24h, whole minutes that divide a day, or `none`",
              "`none`",
              "A table of all neighbors beside the packets, bview.YYYYMMDD.HHMM.gz, each time this"
                  + " much of the day is over."));

  /// Those below `retention`.
  static final List<SettingKey> RETENTION =
      List.of(
          key(
              "packets",
              "1h..36500d, or `forever`",
              "`forever`",
              "How long packets and RIB dumps are kept: the files of the journal. What the database"
                  + " has not read yet stays."),
          key(
              "packets-size",
              "1M or more, such as 200G, or `unlimited`",
              "`unlimited`",
              "The oldest files of the journal go while it is larger than this."),
          key(
              "history",
              "1h..36500d, or `forever`",
              "`forever`",
              "How long former versions of routes are kept, and routes that ended; so far back"
                  + " questions with a time have an answer."),
          key(
              "database-size",
              "1M or more, such as 50G, or `unlimited`",
              "`unlimited`",
              "The oldest history goes while the database holds more than this. SQLite only."),
          key(
              "log",
              "1h..36500d, or `forever`",
              "`forever`",
              "How long sessions that ended, the session log, findings and counts over time are"
                  + " kept."));

  /// Those of a neighbor.
  static final List<SettingKey> NEIGHBOR =
      List.of(
          key(
              "address",
              "an IPv4 or IPv6 address; a link-local one with its interface, `fe80::1%eth0`",
              "",
              "Where it is called, and calls from. Either this or `range`."),
          key(
              "range",
              "a prefix, such as `198.51.100.0/24` or `2001:db8::/32`",
              "",
              "Instead of `address`: whoever calls from there is a neighbor as long as it has a"
                  + " session. Of ranges within each other the narrowest counts, which is said"
                  + " as a warning, and a neighbor with its own `address` before all."),
          key(
              "as",
              "1..4294967295; of a range also a list, or `any`",
              "",
              "Its AS number. Of a range: those that may call."),
          key("name", "up to 64 characters", "its address", "What it is called everywhere."),
          key("port", "1..65535", "179", "Where it listens."),
          key("passive", "true or false", "false", "Only it connects. A range is always passive."),
          key("active", "true or false", "false", "Only we connect."),
          key(
              "local-address",
              "an address of this host",
              "the system chooses",
              "Where we connect from. Several neighbors may have one address if each has a local"
                  + " address of its own: calls are for the one whose local address was called."),
          key(
              "password-file",
              "a file",
              "no password",
              "TCP MD5 (RFC 2385): the file has the password as its only line, 1..80 octets, and"
                  + " nobody else may read it. Without the right one no connection comes up, in"
                  + " either direction; a range's counts for everybody in it. Linux only."),
          key(
              "tcp-ao",
              "a list of keys, see below",
              "no keys",
              "TCP-AO (RFC 5925): nothing without a signature of one of these keys comes in, in"
                  + " either direction; a range's count for everybody in it. We call with the"
                  + " first, and are called with any. Not with `password-file`. Linux 6.7 or newer"
                  + " with CONFIG_TCP_AO only."),
          key(
              "ttl-security",
              "`true`, or 1..254 hops",
              "off",
              "GTSM (RFC 5082): both send with TTL 255, and what comes from farther away than one"
                  + " hop, or this many, is dropped by the kernel. Not with `multihop`. Linux"
                  + " only."),
          key("multihop", "1..254", "the system's TTL, 64 as a rule", "The TTL of what we send."),
          key(
              "local-as",
              "1..4294967295",
              "that of the collector",
              "The AS that we are to this neighbor, for instance while an AS is being migrated."),
          key(
              "role",
              "`provider`, `customer`, `peer`, `rs`, `rs-client`",
              "not said",
              "What we are to it (RFC 9234). If it says a role that does not go with that, there is"
                  + " no session."),
          key(
              "strict-role",
              "true or false",
              "false",
              "No session without a role of theirs either. Needs `role`."),
          key(
              "hold-time",
              "0 (off) or 3..65535, in seconds",
              "that of the collector",
              "What we propose to it; the lower of both counts."),
          key(
              "families",
              "a list of [families](nlri.md)",
              "`[ipv4-unicast, ipv6-unicast]`",
              "What we ask it for."),
          key(
              "add-path",
              "true, false, or a list of families",
              "true",
              "Take several paths of a prefix, if it has them (RFC 7911), in all families or"
                  + " these."),
          key(
              "max-prefix",
              "a number; or names with values, see below",
              "no limit",
              "How many routes of a family it may have. A number is a limit for each family above"
                  + " which the session ends."),
          key(
              "graceful-restart",
              "true, false, or 0..4095 seconds",
              "true",
              "While it restarts its routes stay, marked as stale, as long as it asks for (RFC"
                  + " 4724, RFC 8538) but no longer than this. Without, they end with the"
                  + " session."),
          key(
              "long-lived-graceful-restart",
              "families, each with a time of 1s..194d",
              "off",
              "They stay beyond that, as long as it asks for (RFC 9494) but no longer than this."),
          key(
              "mute",
              "true or false",
              "false",
              "Keep the session and everything that it brings, and show its routes only to who asks"
                  + " for it by name."),
          key("max-neighbors", "a number", "1000", "Of a range: how many may be there at a time."),
          key(
              "mirror",
              "true or false",
              "false",
              "Of a range: each is asked for the families that it offers, whichever they are."));

  /// Those below `max-prefix`.
  static final List<SettingKey> MAX_PREFIX =
      List.of(
          key(
              "limit",
              "1 or more; or families, each with its number",
              "",
              "How many routes, in each family or by family."),
          key(
              "action",
              "`tear-down`, `stop-storing`, `warn`",
              "`tear-down`",
              "Above the limit: end the session with Cease; or keep the session and the packets,"
                  + " and put no route into the database that is not there; or only log it."),
          key("warn", "0..100, in percent", "80", "From here on it is logged; 0 for never."),
          key(
              "restart",
              "1s..30d, or `never`",
              "never",
              "How long after a tear-down the neighbor may come back by itself; `reset` lets it"
                  + " come back at once."));

  /// Those of a key below `tcp-ao`.
  static final List<SettingKey> TCP_AO =
      List.of(
          key("send-id", "0..255", "", "What the key is called in what we send (SendID)."),
          key(
              "receive-id",
              "0..255",
              "as `send-id`",
              "What it is called in what the neighbor sends (RecvID)."),
          key(
              "algorithm",
              "`hmac-sha-1-96`, `aes-128-cmac-96`",
              "`hmac-sha-1-96`",
              "How segments are signed (RFC 5926), TCP options with them."),
          key(
              "key-file",
              "a file",
              "",
              "The file has the key as its only line, 1..80 octets, and nobody else may read it."
                  + " Either this or `key`."),
          key("key", "1..80 octets", "", "The key itself; nobody else may read this file then."));

  private static SettingKey key(String name, String value, String usual, String text) {
    return new SettingKey(name, value, usual, text);
  }

  /// The names alone.
  static List<String> names(List<SettingKey> keys) {
    return keys.stream().map(SettingKey::name).toList();
  }
}
