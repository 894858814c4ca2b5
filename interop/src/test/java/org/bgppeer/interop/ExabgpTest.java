package org.bgppeer.interop;

class ExabgpTest extends RouterTest {
  ExabgpTest() {
    super(Router.Kind.EXABGP);
  }
}
