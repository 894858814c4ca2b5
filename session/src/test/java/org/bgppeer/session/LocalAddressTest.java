package org.bgppeer.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bgppeer.session.Speakers.ONE;
import static org.bgppeer.session.Speakers.ip;
import static org.bgppeer.session.Speakers.passive;

import java.net.InetSocketAddress;
import java.util.List;
import org.bgppeer.wire.StateReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Several sessions with one address, told apart by ours.
class LocalAddressTest {
  private static final String HERE = "127.11.1.1";
  private static final String THERE = "127.11.1.2";
  private static final NeighborConfig LEFT = passive("left", ONE, 64500).withLocalAddress(ip(HERE));
  private static final NeighborConfig RIGHT =
      passive("right", ONE, 64500).withLocalAddress(ip(THERE));

  private final Speakers speakers = new Speakers();
  private final Tape tape = speakers.tape;
  private final LocalConfig local =
      Speakers.local().withListen(List.of(new InetSocketAddress(ip("0.0.0.0"), 0)));

  @AfterEach
  void closeAll() throws Exception {
    speakers.close();
  }

  private Collector start(NeighborConfig... neighbors) throws Exception {
    return speakers.start(local, List.of(neighbors), List.of());
  }

  private static ScriptedPeer call(Collector collector, String to) throws Exception {
    int port = collector.listening().getFirst().getPort();
    return ScriptedPeer.dial(new InetSocketAddress(ip(to), port), ONE);
  }

  @Test
  void eachCallIsForTheNeighborWithTheAddressThatWasCalled() throws Exception {
    var collector = start(LEFT, RIGHT);

    try (var left = call(collector, HERE).establish(64500, 90);
        var right = call(collector, THERE).establish(64500, 90)) {
      tape.awaitChange("left", 1);
      assertThat(tape.awaitChange("right", 1).endpoints().local().getAddress())
          .isEqualTo(ip(THERE));
      assertThat(left.unread() + right.unread()).isZero();
      assertThat(collector.status()).extracting(status -> status.state().number()).containsOnly(6);
    }
  }

  @Test
  void aCallToAnAddressOfNoneIsSentAway() throws Exception {
    var collector = start(LEFT, RIGHT);

    try (var peer = call(collector, "127.11.1.3")) {
      assertThat(peer.expectEnd().words()).isEqualTo("Connection Rejected (6/5)");
    }
    assertThat(tape.awaitChange("left", 1).text())
        .isEqualTo(ONE + " called 127.11.1.3, which is none of its local addresses");
  }

  @Test
  void aNeighborWithoutAnotherOneIsCalledAtAnyAddress() throws Exception {
    var collector = start(LEFT);

    try (var peer = call(collector, THERE).establish(64500, 90)) {
      assertThat(tape.awaitChange("left", 1)).hasToString("5->6");
      assertThat(peer.unread()).isZero();
    }
  }

  @Test
  void weCallFromBoth() throws Exception {
    try (var router = ScriptedPeer.listen(ONE)) {
      int port = router.getLocalPort();
      start(
          LEFT.withPort(port).withDirections(true, false),
          RIGHT.withPort(port).withDirections(true, false));

      try (var first = ScriptedPeer.accept(router).establish(64500, 90);
          var second = ScriptedPeer.accept(router).establish(64500, 90)) {
        assertThat(tape.awaitChange("left", 1).endpoints().local().getAddress())
            .isEqualTo(ip(HERE));
        assertThat(tape.awaitChange("right", 1).endpoints().local().getAddress())
            .isEqualTo(ip(THERE));
        assertThat(first.unread() + second.unread()).isZero();
      }
    }
  }

  @Test
  void oneThatIsAddedDisturbsNoneAndIsRecordedAsToldApart() throws Exception {
    var collector = start(LEFT);
    try (var peer = call(collector, HERE).establish(64500, 90)) {
      tape.awaitChange("left", 1);

      var applied = collector.apply(local, List.of(LEFT, RIGHT), List.of());

      assertThat(applied)
          .isEqualTo(new Collector.Applied(List.of("right"), List.of(), List.of(), List.of(), 1));
      assertThat(tape.awaitChange("right", 1).text()).isEqualTo(StateReason.ADDED_APART);
      try (var right = call(collector, THERE).establish(64500, 90)) {
        tape.awaitChange("right", 2);
        assertThat(right.unread() + peer.unread()).isZero();
      }
      collector.apply(local, List.of(LEFT), List.of());
      assertThat(tape.changes("left")).hasSize(1);
    }
  }

  @Test
  void anotherLocalAddressIsAChangeOfTheSameNeighbor() throws Exception {
    var collector = start(LEFT, RIGHT);
    try (var peer = call(collector, THERE).establish(64500, 90)) {
      tape.awaitChange("right", 1);

      var applied =
          collector.apply(
              local, List.of(LEFT, RIGHT.withLocalAddress(ip("127.11.1.3"))), List.of());

      assertThat(applied.reset()).containsExactly("right");
      assertThat(peer.expectEnd().words()).isEqualTo("Other Configuration Change (6/6)");
      assertThat(tape.awaitChange("right", 2)).hasToString("6->1 ADMINISTRATIVE");
      assertThat(tape.awaitChange("right", 3).text()).isEqualTo(StateReason.ADDED_APART);
    }
  }

  @Test
  void whoseCallsCouldBeForBothAreRefused() {
    assertThatThrownBy(() -> start(LEFT, passive("other", ONE, 64500)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("both are passive without a local address of their own");
  }
}
