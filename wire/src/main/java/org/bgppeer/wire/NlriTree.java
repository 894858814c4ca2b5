package org.bgppeer.wire;

import org.jspecify.annotations.Nullable;

/// Makes of the parts of an NLRI the leaves of a decode tree.
final class NlriTree extends NlriParts {
  private final TreeBuilder tree;
  private int depth;

  private NlriTree(TreeBuilder tree) {
    this.tree = tree;
  }

  /// Adds the parts of the NLRI that fills the open node; what cannot be read is a leaf of hex that
  /// says why.
  ///
  /// @return its canonical text
  static String add(NlriCodec codec, TreeBuilder tree) {
    int from = tree.at();
    int length = tree.remaining();
    var parts = new NlriTree(tree);
    parts.begin(tree.octets(), from, length);
    try {
      codec.parts(parts);
      parts.nothingElse();
    } catch (MalformedAttribute e) {
      while (parts.depth > 0) {
        parts.close();
      }
      if (tree.remaining() > 0) {
        tree.rest("rest", e.reason());
      } else {
        tree.find(e.reason());
      }
      return "malformed " + text(tree.octets(), from, length, NlriParts::hex);
    }
    var text = new StringBuilder();
    var words = new NlriParts.Text(text);
    words.begin(tree.octets(), from, length);
    try {
      codec.parts(words);
    } catch (MalformedAttribute e) {
      throw new IllegalStateException("the NLRI was read and is malformed", e);
    }
    return text.toString();
  }

  /// What some octets mean.
  static String text(byte[] array, int at, int length, Words words) {
    var text = new StringBuilder();
    words.append(array, at, length, text);
    return text.toString();
  }

  @Override
  void onFrame(String name, int octets, Words words) {
    leaf(name, octets, text(array, at, octets, words));
  }

  @Override
  void onKey(String name, @Nullable String before, int octets, Words words) {
    leaf(name, octets, text(array, at, octets, words));
  }

  @Override
  void onDetail(String name, String before, int octets, Words words) {
    leaf(name, octets, text(array, at, octets, words));
  }

  @Override
  void onPrefix(String name, String before, int bits, int octets, int addressOctets) {
    var text = new StringBuilder();
    appendPrefix(array, at, bits, addressOctets, text);
    leaf(name, octets, text.toString());
  }

  private void leaf(String name, int octets, String text) {
    if (octets > 0) {
      tree.leaf(name, octets, text);
    }
  }

  @Override
  void open(String name, int octets) {
    tree.open(name, octets);
    depth++;
  }

  @Override
  void close() {
    tree.close();
    depth--;
  }
}
