package org.bgppeer.interop;

class GobgpTest extends RouterTest {
  GobgpTest() {
    super(Router.Kind.GOBGP);
  }
}
