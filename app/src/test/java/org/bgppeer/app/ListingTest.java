package org.bgppeer.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListingTest {
  private record Row(String name, long number, Instant at) {}

  private static final Instant AT = Instant.parse("2026-03-17T03:11:50.000001Z");

  private static final Columns<Row> COLUMNS =
      new Columns<Row>()
          .field("name", Row::name)
          .field("number", Row::number)
          .field("at", Row::at)
          .column("NAME", Row::name, _ -> Columns.Tone.GOOD)
          .number("NUMBER", row -> Long.toString(row.number()))
          .elastic("PATH", row -> "64500 ".repeat(6).strip());

  @Test
  void columnsAreAlignedWhateverTheWidthOfTheLetters() {
    String table =
        write(Listing.Format.table, 0, false, new Row("北京", 7, AT), new Row("Zürich", 1234567, AT));

    assertThat(table)
        .isEqualTo(
            """
            NAME     NUMBER  PATH
            北京          7  64500 64500 64500 64500 64500 64500
            Zürich  1234567  64500 64500 64500 64500 64500 64500
            """);
  }

  @Test
  void aNarrowTerminalCutsTheElasticColumn() {
    String table = write(Listing.Format.table, 40, false, new Row("a", 1, AT));

    assertThat(table.lines().toList())
        .containsExactly("NAME  NUMBER  PATH", "a          1  64500 64500 64500 64500 6…");
  }

  @Test
  void onlyATerminalIsColoured() {
    assertThat(write(Listing.Format.table, 0, false, new Row("a", 1, AT))).doesNotContain("\u001b");
    assertThat(write(Listing.Format.table, 80, true, new Row("a", 1, AT)))
        .contains("\u001b[32ma\u001b[0m");
  }

  @Test
  void whatANeighborWroteCannotSteerTheTerminal() {
    assertThat(write(Listing.Format.table, 0, false, new Row("a\u001b[2Jb\nc", 1, AT)))
        .contains("a·[2Jb·c")
        .doesNotContain("\u001b");
  }

  @Test
  void jsonIsOneObjectALine() {
    assertThat(write(Listing.Format.json, 0, false, new Row("a\"\n", 1, AT), new Row("北京", 2, AT)))
        .isEqualTo(
            """
            {"name":"a\\"\\n","number":1,"at":"2026-03-17T03:11:50.000001Z"}
            {"name":"北京","number":2,"at":"2026-03-17T03:11:50.000001Z"}
            """);
  }

  @Test
  void csvQuotesWhatNeedsIt() {
    assertThat(write(Listing.Format.csv, 0, false, new Row("a, \"b\"", 1, AT)))
        .isEqualTo(
            """
            name,number,at
            "a, ""b""\",1,2026-03-17T03:11:50.000001Z
            """);
  }

  @Test
  void aTableWithoutRowsIsNothing() {
    assertThat(write(Listing.Format.table, 0, false)).isEmpty();
  }

  private static String write(Listing.Format format, int width, boolean colour, Row... rows) {
    var out = new StringWriter();
    var console = new Console(out, new PrintWriter(new StringWriter()), width > 0, width, colour);
    try (var listing = Listing.open(format, COLUMNS, console)) {
      List.of(rows).forEach(listing::row);
    }
    return out.toString();
  }
}
