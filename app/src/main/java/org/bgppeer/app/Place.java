package org.bgppeer.app;

/// Where a setting stands, for the one line that says what is wrong with it.
///
/// @param source a file as it was named to us, or an option of the command line
/// @param line from 1; 0 if there are no lines to count
record Place(String source, int line) {
  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line;
  }
}
