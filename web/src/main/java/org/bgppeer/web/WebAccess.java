package org.bgppeer.web;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who may use the frontend, and what for.
///
/// @param users null if there are none: then whoever reaches it may read, and nobody may act
/// @param publicReadOnly whether everybody may read, beside the users
/// @param certificate of the server, a file in PEM with its chain; null for HTTP
/// @param key of the certificate, a file in PEM
/// @param actions carries out what an operator asks for; null if nothing can be
/// @param audit the file that says who did what; null for none
public record WebAccess(
    @Nullable Users users,
    boolean publicReadOnly,
    @Nullable Path certificate,
    @Nullable Path key,
    @Nullable Actions actions,
    @Nullable Path audit) {

  /// Everybody may read.
  public static final WebAccess OPEN = new WebAccess(null, true, null, null, null, null);

  /// What tells the collector what to do.
  public interface Actions {
    /// @param words `reset NAME REASON`, `refresh NAME FAMILY`, `mute NAME`, `unmute NAME`,
    ///     `reload`
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

  /// Whether nobody may read without being a user.
  boolean isClosed() {
    return users != null && !publicReadOnly;
  }
}
