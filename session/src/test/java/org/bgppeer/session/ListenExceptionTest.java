package org.bgppeer.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class ListenExceptionTest {
  @Test
  void aPortThatIsNotPermittedIsNamedWithThreeRemedies() throws Exception {
    var address = new InetSocketAddress(InetAddress.getByName("192.0.2.10"), 179);

    var e =
        new ListenException(
            address, ListenException.Reason.NOT_PERMITTED, new IOException("Permission denied"));

    assertThat(e)
        .hasMessage(
            "cannot listen on 192.0.2.10:179: ports below 1024 need a privilege. Run as root, or"
                + " `sysctl net.ipv4.ip_unprivileged_port_start=179`, or listen on another port,"
                + " for instance 1790");
  }

  @Test
  void anIpv6AddressStandsInBrackets() throws Exception {
    var address = new InetSocketAddress(InetAddress.getByName("2001:db8::1"), 179);

    var e =
        new ListenException(
            address, ListenException.Reason.IN_USE, new IOException("Address already in use"));

    assertThat(e).hasMessageStartingWith("cannot listen on [2001:db8::1]:179: ");
  }
}
