package org.bgppeer.web;

import java.time.Duration;
import java.time.Instant;
import org.bgppeer.store.Health;
import org.jspecify.annotations.Nullable;

/// What every page has around its content: title, navigation, search field, receive state, clock,
/// theme, footer. `layout.jte` draws it.
///
/// @param title of the window, without the program's name
/// @param section which entry of the navigation is current; empty for none
/// @param theme `light` or `dark` if the reader chose one; null to follow his system
/// @param now when the request came
/// @param state whether the collector receives, as shape, word and colour
/// @param lag what stands beside `state`: how far the database is behind; may be empty
/// @param query what to keep in the search field
/// @param json, csv addresses of the data forms of this page; null if it has none
/// @param css, js, icon addresses of the static files, with their version
/// @param version of the program
/// @param bar the time machine; null if the page shows now
/// @param communities what communities mean
/// @param names what autonomous systems are called
/// @param account who asks
/// @param way into the past; null if the page has none, or is there
public record Shell(
    String title,
    String section,
    @Nullable String theme,
    Instant now,
    Mark state,
    String lag,
    String query,
    @Nullable String json,
    @Nullable String csv,
    String css,
    String js,
    String icon,
    String version,
    @Nullable TimeBar bar,
    TimeBar.@Nullable Way way,
    CommunityDictionary communities,
    AsNames names,
    Guard.Account account) {

  /// Without a sign of life for so long the projector is not running: it beats every few seconds.
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /// With nothing in the journal for so long no session is up: each has a KEEPALIVE at least that
  /// often.
  private static final Duration QUIET = Duration.ofMinutes(3);

  /// Seconds behind the journal from which the page says that it is behind.
  private static final double LATE = 10;

  /// The same around a page of another moment than now.
  Shell ofThePast(TimeBar at) {
    return new Shell(
        title + " at " + Text.whole(at.at()),
        section,
        theme,
        now,
        new Mark("inferred", "past"),
        "not live",
        query,
        json,
        csv,
        css,
        js,
        icon,
        version,
        at,
        null,
        communities,
        names,
        account);
  }

  /// The same with a way into the past.
  Shell withWay(TimeBar.@Nullable Way to) {
    return new Shell(
        title,
        section,
        theme,
        now,
        state,
        lag,
        query,
        json,
        csv,
        css,
        js,
        icon,
        version,
        bar,
        to,
        communities,
        names,
        account);
  }

  /// The receive state that the top bar shows.
  static Mark state(@Nullable Health health, Instant now) {
    if (health == null) {
      return new Mark("down", "database unavailable");
    }
    Instant beat = health.beatAt();
    Instant newest = health.projectedAt();
    if (beat == null) {
      return new Mark("off", "not started");
    }
    if (beat.isBefore(now.minus(SILENCE))) {
      return new Mark("down", "not recording");
    }
    if (health.lagSeconds() > LATE) {
      return new Mark("finding", "behind");
    }
    if (newest == null || newest.isBefore(now.minus(QUIET))) {
      return new Mark("off", "nothing arrives");
    }
    return new Mark("active", "receiving");
  }

  /// The words beside the receive state.
  static String lag(@Nullable Health health, Instant now) {
    if (health == null || health.beatAt() == null) {
      return "";
    }
    Instant beat = health.beatAt();
    Instant newest = health.projectedAt();
    return switch (state(health, now).word()) {
      case "not recording" -> "for " + Text.age(beat, now);
      case "nothing arrives" -> newest == null ? "" : "for " + Text.age(newest, now);
      default -> "lag " + Text.lag(health.lagSeconds());
    };
  }
}
