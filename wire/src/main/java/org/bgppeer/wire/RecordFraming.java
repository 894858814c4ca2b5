package org.bgppeer.wire;

/// How records follow each other in a file of some kind. Asked about octets that are there, it
/// answers how long a record is; whoever reads the file brings more octets until it is whole.
public interface RecordFraming {
  /// The answer of [#length] that more octets are needed to tell.
  int MORE = 0;

  /// The answer of [#length] that no record begins here.
  int NONE = -1;

  /// Octets of the longest record that is taken: a length above it is an error and no length.
  int MAX_LENGTH = 1 << 24;

  /// The length of the record that begins at `at`, header included, whether or not all of it is
  /// there; or [#MORE], or [#NONE].
  ///
  /// @param end where the octets that are there end
  int length(byte[] array, int at, int end);

  /// Why [#length] says [#NONE] of a place; for a sentence: "a length of 4294967295 octets".
  String fault(byte[] array, int at, int end);

  /// The first place from `from` on where a record seems to begin; `end` if there is none.
  ///
  /// @param last whether the file ends at `end`, so that no record can go on behind it
  int resume(byte[] array, int from, int end, boolean last);
}
