package org.bgppeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// RFC 9234 section 5, ingress: what is a leak, by what we are.
class OnlyToCustomerTest {
  private static final int PROVIDER = 0;
  private static final int CUSTOMER = 3;
  private static final long THEIRS = 64500;

  private static Updates route(long otc) {
    return new Updates()
        .usual("192.0.2.1", THEIRS, 64511)
        .attribute(0xc0, 35, "%08x".formatted(otc));
  }

  private static Update decode(Updates update) {
    byte[] octets = update.build();
    return Update.decode(octets, 0, octets.length, DecodeContext.AS4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // our role | OTC | leak
        "0 | 64500 | AS64500 gave it to customers only, and it comes from a customer",
        "0 | 64999 | AS64999 gave it to customers only, and it comes from a customer",
        "1 | 64999 | AS64999 gave it to customers only, and it comes from a route server client",
        "2 | 64999 |",
        "3 | 64999 |",
        "4 | 64500 |",
        "4 | 64999 | AS64999 gave it to customers only, and it comes from a peer of AS64500",
        "9 | 64999 |",
      })
  void whoMayNotSendItIsSaid(int ours, long otc, String leak) {
    var finding = OnlyToCustomer.leak(decode(route(otc).nlri("192.0.2.0/24")), ours, THEIRS);

    if (leak == null) {
      assertThat(finding).isNull();
    } else {
      assertThat(finding)
          .hasToString("ONLY_TO_CUSTOMER: a route leak: " + leak + "; kept (RFC 9234 5)");
    }
  }

  @Test
  void itIsOfUnicastRoutesThatAreAnnouncedAlone() {
    var six = route(64999).mpReach(Family.IPV6_UNICAST, "2001:db8::1", "2001:db8::/32");
    assertThat(OnlyToCustomer.leak(decode(six), PROVIDER, THEIRS)).isNotNull();
    assertThat(OnlyToCustomer.leak(decode(six), CUSTOMER, THEIRS)).isNull();
    var multicast =
        route(64999).mpReach(Family.parse("ipv6-multicast"), "2001:db8::1", "2001:db8::/32");
    assertThat(OnlyToCustomer.leak(decode(multicast), PROVIDER, THEIRS)).isNull();
    assertThat(OnlyToCustomer.leak(decode(route(64999)), PROVIDER, THEIRS)).isNull();
    var without = new Updates().usual("192.0.2.1", THEIRS, 64511).nlri("192.0.2.0/24");
    assertThat(OnlyToCustomer.leak(decode(without), PROVIDER, THEIRS)).isNull();
  }

  @Test
  void whatIsMalformedIsNoLeak() {
    var update =
        new Updates()
            .usual("192.0.2.1", THEIRS, 64511)
            .attribute(0xc0, 35, "00fbf5")
            .nlri("192.0.2.0/24");

    assertThat(OnlyToCustomer.leak(decode(update), PROVIDER, THEIRS)).isNull();
  }
}
