package org.bgppeer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PastLinksTest {
  private static final Instant AT = Instant.parse("2026-03-17T03:11:50Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "<a href=\"/as/1\">      | <a href=\"/as/1?at=2026-03-17T03:11:50Z\">",
        "<a href=\"/as/1?x=y\">  | <a href=\"/as/1?x=y&amp;at=2026-03-17T03:11:50Z\">",
        "<a href=\"/as/1#f\">    | <a href=\"/as/1?at=2026-03-17T03:11:50Z#f\">",
        "<a href=\"/as/1.csv\">  | <a href=\"/as/1.csv?at=2026-03-17T03:11:50Z\">",
        "<a class=\"b\" href=\"/as/1\" data-row> | <a class=\"b\""
            + " href=\"/as/1?at=2026-03-17T03:11:50Z\" data-row>",
        "<a href=\"/as/1?at=x\"> | <a href=\"/as/1?at=x\">",
        "<a href=\"/as/1?a=b&amp;at=x\"> | <a href=\"/as/1?a=b&amp;at=x\">",
        "<a href=\"/as/1\" data-now> | <a href=\"/as/1\" data-now>",
        "<a href=\"/live\">      | <a href=\"/live\">",
        "<a href=\"#f1\">        | <a href=\"#f1\">",
        "&lt;a href=\"/as/1\">   | &lt;a href=\"/as/1\">",
        "<p title=\"a href=&#34;/as/1\"> | <p title=\"a href=&#34;/as/1\">",
        "<form action=\"/as/1\"> | <form action=\"/as/1\"><input type=\"hidden\" name=\"at\""
            + " value=\"2026-03-17T03:11:50Z\">",
      })
  void aLinkKeepsTheMomentWhereItsPageHasOne(String tag, String kept) {
    assertThat(PastLinks.keep("x" + tag + "y", AT, path -> path.startsWith("/as/")))
        .isEqualTo("x" + kept + "y");
  }
}
