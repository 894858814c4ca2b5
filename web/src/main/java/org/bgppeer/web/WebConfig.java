package org.bgppeer.web;

import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the frontend has to be told.
///
/// @param address to listen on, an IP address or a host name
/// @param port TCP port; 0 for any free one (see [WebServer#port()])
/// @param version of this program, for the footer
/// @param clock tells the time of day that pages show and count ages from
/// @param collector what the collector of this process is; null if this process is only the
///     frontend
/// @param communities what communities mean
/// @param names what autonomous systems are called
/// @param access who may use it
public record WebConfig(
    String address,
    int port,
    String version,
    Clock clock,
    @Nullable Collector collector,
    CommunityDictionary communities,
    AsNames.Source names,
    WebAccess access) {

  /// With the well-known communities alone, for everybody who reaches it.
  public WebConfig(
      String address, int port, String version, Clock clock, @Nullable Collector collector) {
    this(
        address,
        port,
        version,
        clock,
        collector,
        CommunityDictionary.WELL_KNOWN,
        AsNames.Source.NONE,
        WebAccess.OPEN);
  }

  /// The same for others.
  public WebConfig withAccess(WebAccess who) {
    return new WebConfig(address, port, version, clock, collector, communities, names, who);
  }

  /// The same with what is known of communities.
  public WebConfig withCommunities(CommunityDictionary known) {
    return new WebConfig(address, port, version, clock, collector, known, names, access);
  }

  /// The same with names of autonomous systems.
  public WebConfig withNames(AsNames.Source known) {
    return new WebConfig(address, port, version, clock, collector, communities, known, access);
  }

  /// What the page tells a newcomer about the collector that it belongs to.
  ///
  /// @param as our AS number
  /// @param routerId our BGP identifier, dotted
  /// @param neighbors how many are configured
  /// @param listens addresses with port on which neighbors can call, for instance `192.0.2.250:179`
  public record Collector(long as, String routerId, int neighbors, List<String> listens) {
    public Collector {
      listens = List.copyOf(listens);
    }
  }

  /// The frontend alone, on the system's clock.
  public static WebConfig of(String address, int port, String version) {
    return new WebConfig(address, port, version, Clock.systemUTC(), null);
  }
}
