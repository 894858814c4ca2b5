package org.bgppeer.interop;

import java.util.List;

class OpenbgpdTest extends RouterTest {
  OpenbgpdTest() {
    super(Router.Kind.OPENBGPD);
  }

  /// On Linux its listening socket is not told the keys of its neighbors: nobody who signs is
  /// heard.
  @Override
  List<Link.Connecting> signedDirections() {
    return List.of(Link.Connecting.ROUTER);
  }
}
