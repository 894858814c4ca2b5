package org.bgppeer.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bgppeer.interop.Feature.Shows;
import org.bgppeer.store.RouteQuery;
import org.junit.jupiter.api.Test;

class BirdTest extends RouterTest {
  private static final int IPV4 = 40_000;
  private static final int IPV6 = 10_000;

  BirdTest() {
    super(Router.Kind.BIRD);
  }

  @Test
  @Shows(Feature.BIG_TABLE)
  void aTableOf50000RoutesArrivesCompleteAndSoDoesItsChurn() throws Exception {
    List<Route> table = table();
    try (var lab = new Lab(Link.ipv4(kind, Link.Connecting.BOTH))) {
      lab.start(table);
      lab.eventually(() -> assertThat(count(lab, true)).isEqualTo(table.size()));

      // Each tenth goes, each tenth gets another path.
      var churned = new ArrayList<Route>();
      for (int i = 0; i < table.size(); i++) {
        Route route = table.get(i);
        if (i % 10 != 0) {
          churned.add(i % 10 == 1 ? route.withPath(64499L, 64496L) : route);
        }
      }
      lab.router.announce(churned);

      lab.eventually(
          () -> {
            assertThat(count(lab, true)).isEqualTo(churned.size());
            assertThat(
                    lab.peer
                        .queries()
                        .count(RouteQuery.all(1).withActive(true).withAsPath("64499 64496$")))
                .isEqualTo(table.size() / 10);
          });
      assertThat(count(lab, false)).isEqualTo(table.size() / 10);
      assertThat(lab.peer.neighbor().active()).isEqualTo(churned.size());

      lab.router.kill();
      lab.eventually(() -> assertThat(count(lab, true)).isZero());
      assertThat(count(lab, false)).isEqualTo(table.size());
    }
  }

  private static List<Route> table() {
    var table = new ArrayList<Route>();
    for (int i = 0; i < IPV4; i++) {
      String prefix = (11 + i / 65536) + "." + i / 256 % 256 + "." + i % 256 + ".0/24";
      table.add(Route.of(prefix, "192.0.2.77").withPath(64496L + i % 3));
    }
    for (int i = 0; i < IPV6; i++) {
      String prefix = "2001:db8:" + Integer.toHexString(1 + i) + "::/48";
      table.add(Route.of(prefix, "2001:db8::77").withPath(64496L + i % 3));
    }
    return table;
  }

  private static long count(Lab lab, boolean active) throws Exception {
    return lab.peer.queries().count(RouteQuery.all(1).withActive(active));
  }
}
