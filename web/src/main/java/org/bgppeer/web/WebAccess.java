package org.bgppeer.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who may use the frontend, and what for.
///
/// @param users those of a file that may come, change and go; null if there never are any: then
///     whoever reaches it may read, and nobody may act
/// @param publicReadOnly whether everybody may read, beside the users
/// @param openWithoutUsers whether everybody may read as long as there are no users: on an address
///     that only this machine reaches
/// @param certificate of the server, a file in PEM with its chain; null for HTTP
/// @param key of the certificate, a file in PEM
/// @param actions carries out what an operator asks for; null if nothing can be
/// @param audit the file that says who did what; null for none
public record WebAccess(
    @Nullable Users users,
    boolean publicReadOnly,
    boolean openWithoutUsers,
    @Nullable Path certificate,
    @Nullable Path key,
    @Nullable Actions actions,
    @Nullable Path audit) {

  /// Everybody may read.
  public static final WebAccess OPEN = new WebAccess(null, true, true, null, null, null, null);

  /// What tells the collector what to do.
  public interface Actions {
    /// @param words `reset NAME REASON`, `refresh NAME FAMILY`, `mute NAME`, `unmute NAME`,
    ///     `reload`; and what anybody may ask: `detail NAME`, `counters`, answered in JSON
    /// @return what was done, for the page
    /// @throws Refused with the reason if it cannot be done
    String carryOut(List<String> words) throws Refused;
  }

  /// Why something was not done.
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    public Refused(String why, Throwable cause) {
      super(why, cause);
    }
  }

  /// Whether there are users now.
  ///
  /// @throws UncheckedIOException if their file cannot be read: then nobody may do anything
  boolean hasUsers() {
    try {
      return users != null && !users.all().isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether nobody may read without being a user. The first user closes what was open, at once.
  boolean isClosed() {
    return users != null && !publicReadOnly && (!openWithoutUsers || hasUsers());
  }
}
