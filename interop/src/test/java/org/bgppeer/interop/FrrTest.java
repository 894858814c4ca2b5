package org.bgppeer.interop;

class FrrTest extends RouterTest {
  FrrTest() {
    super(Router.Kind.FRR);
  }
}
