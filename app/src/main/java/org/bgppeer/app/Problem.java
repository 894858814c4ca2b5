package org.bgppeer.app;

/// One thing that is wrong with the configuration, as one line: `FILE:LINE: what; allowed`.
///
/// @param what is wrong, with the value that is there
/// @param allowed what would be right instead
record Problem(Place place, String what, String allowed) {
  @Override
  public String toString() {
    return place + ": " + what + "; " + allowed;
  }
}
