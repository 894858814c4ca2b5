package org.bgppeer.store;

/// What an attribute set is looked for by in the table of hashes.
///
/// @param hash [KeyedHash#first] of the set's octets
/// @param id the number of the set
record HashKey(long hash, long id) implements Comparable<HashKey> {
  @Override
  public int compareTo(HashKey other) {
    return Long.compare(hash, other.hash);
  }
}
