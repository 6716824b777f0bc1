package org.psidgateway.ops;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What anyone who looks at our meters may rely on, whichever package they belong to. */
@QuarkusTest
class MetersTest {
  /** No id, no path: what these say is listed in the code, or in the configuration. */
  private static final Set<String> LABELS =
      Set.of(
          "code",
          "caller",
          "decision",
          "kind",
          "outcome",
          "direction",
          "phase",
          "reason",
          "result",
          "scope",
          "source",
          "state",
          "step",
          "status",
          "tier",
          "type",
          "what",
          "work");

  /** Yes or no, and what the name counts. */
  private static final Set<String> WITHOUT_UNIT =
      Set.of(
          "gateway.conversions",
          "gateway.draining",
          "gateway.ledger.sweeper",
          "gateway.migration.off.track",
          "gateway.migration.owner",
          "gateway.migration.waiting",
          "gateway.migration.working",
          "gateway.pages.paused",
          "gateway.postgres.reachable",
          "gateway.store.replica.usable",
          "gateway.upstream.suspected");

  private static final int MOST_SERIES = 40;

  private final MeterRegistry registry;

  MetersTest(MeterRegistry registry) {
    this.registry = registry;
  }

  @Test
  void everyMeter_isDescribed_andHasItsUnit() {
    assertThat(ours())
        .hasSizeGreaterThan(50)
        .allSatisfy(
            meter -> {
              Meter.Id id = meter.getId();
              assertThat(id.getDescription()).as(id.toString()).isNotBlank();
              if (!WITHOUT_UNIT.contains(id.getName())) {
                assertThat(id.getBaseUnit()).as(id.toString()).isNotBlank();
              }
            });
  }

  @Test
  void labels_areBounded() {
    assertThat(ours())
        .allSatisfy(
            meter -> {
              for (Tag tag : meter.getId().getTags()) {
                assertThat(LABELS).as(meter.getId().toString()).contains(tag.getKey());
                assertThat(tag.getValue())
                    .as(meter.getId().toString())
                    .matches(tag.getKey().equals("code") ? "none|\\d{1,3}" : "[a-z][a-z-_]*|l[12]");
              }
            });
    ours().stream()
        .collect(groupingBy(meter -> meter.getId().getName()))
        .forEach((name, series) -> assertThat(series).as(name).hasSizeLessThan(MOST_SERIES));
  }

  private List<Meter> ours() {
    return registry.getMeters().stream()
        .filter(meter -> meter.getId().getName().startsWith("gateway."))
        .toList();
  }
}
