package org.bgppeer.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChurnTest {
  private static final Vantage SMALL =
      new Vantage(
          64500,
          false,
          InetAddress.ofLiteral("192.0.2.1"),
          InetAddress.ofLiteral("2001:db8::1"),
          500,
          200,
          false,
          1);

  @Test
  void theSameSeedGivesTheSameStepsAndTheSameRoutes() {
    assertThat(story(7)).isEqualTo(story(7));
  }

  @Test
  void anotherSeedGivesOtherSteps() {
    assertThat(story(7)).isNotEqualTo(story(8));
  }

  @Test
  void everyKindOfChangeHappensAndWhatGoesComesBack() {
    var table = new RouteTable(SMALL, DemoTable.load());
    var churn = new Churn(table, 3, 1);
    var before =
        Stream.iterate(0, i -> i < table.size(), i -> i + 1).map(table::attributes).toList();
    int withdrawn = 0;
    int cameBack = 0;
    int changedPath = 0;
    int prepended = 0;
    int otherMed = 0;
    int otherCommunities = 0;
    var gone = new BitSet();
    for (int i = 0; i < 3000; i++) {
      var step = churn.next();
      withdrawn += step.withdrawn().size();
      step.withdrawn().forEach(gone::set);
      for (int route : step.announced()) {
        assertThat(table.isAnnounced(route)).isTrue();
        var was = before.get(route);
        var is = table.attributes(route);
        cameBack += gone.get(route) ? 1 : 0;
        gone.clear(route);
        changedPath +=
            was.asPath().stream()
                    .distinct()
                    .toList()
                    .equals(is.asPath().stream().distinct().toList())
                ? 0
                : 1;
        prepended += is.asPath().size() > is.asPath().stream().distinct().count() ? 1 : 0;
        otherMed += Objects.equals(was.med(), is.med()) ? 0 : 1;
        otherCommunities += was.communities().equals(is.communities()) ? 0 : 1;
      }
    }
    assertThat(List.of(withdrawn, cameBack, changedPath, prepended, otherMed, otherCommunities))
        .allSatisfy(count -> assertThat(count).isGreaterThan(50));
    assertThat(gone.cardinality()).isLessThan(table.size() / 4);
  }

  private static List<Object> story(long seed) {
    var table = new RouteTable(SMALL, DemoTable.load());
    var churn = new Churn(table, seed, 2);
    var story = new ArrayList<Object>();
    for (int i = 0; i < 500; i++) {
      var step = churn.next();
      story.add(step);
      step.announced().forEach(route -> story.add(table.attributes(route)));
    }
    return story;
  }
}
