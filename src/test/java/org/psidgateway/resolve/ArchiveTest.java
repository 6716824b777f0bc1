package org.psidgateway.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.Tariff;
import org.psidgateway.model.Verdict;

/** A resolver with nobody to ask. */
class ArchiveTest extends ResolverHarness {

  @Override
  Tariff tariff() {
    return Tariff.ARCHIVE;
  }

  @Test
  void resolve_failsUnknownIdsAtOnce_andQueuesNone() {
    keepInL1(1, 11);
    store.rows.put(2L, 22L);
    store.rows.put(3L, Verdict.UNMAPPED);

    assertThat(resolve(query(1, 2, 3, 4))) // the clock stands still
        .isEqualTo(
            Map.of(
                1L, "11 CACHE",
                2L, "22 STORE",
                3L, "NOT_RETURNED_BY_UPSTREAM STORE",
                4L, "WINDOW_CLOSED null"));

    assertThat(conversions.patience).as("waits").isEmpty();
    assertThat(registry.get("gateway.lookup.duration").tag("kind", "list").timer().count()).isOne();
    assertThat(registry.get("gateway.answers").tag("reason", "window_closed").counter().count())
        .isOne();
  }

  @Test
  void resolve_asksAgain_onceAnIdHasBecomeKnown() {
    assertThat(resolve(query(4))).isEqualTo(Map.of(4L, "WINDOW_CLOSED null"));
    store.rows.put(4L, 44L); // imported, say
    assertThat(resolve(query(4))).isEqualTo(Map.of(4L, "44 STORE"));
  }

  @Test
  void resolve_saysNotKnown_toCallersWhoWantedNoMore() {
    assertThat(resolve(knownOnly(4))).isEqualTo(Map.of(4L, "NOT_KNOWN null"));
  }

  @Test
  void resolve_answersPsidsWithThemselves_asEver() {
    store.rows.put(1L, 11L);
    assertThat(resolve(orPsids(11, 12)))
        .isEqualTo(Map.of(11L, "11 STORE", 12L, "WINDOW_CLOSED null"));
  }
}
