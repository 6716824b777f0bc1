package org.psidgateway.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.Verdict;

/** Lists that mix ASIDs and PSIDs. */
class IdsMayBePsidsTest extends ResolverHarness {

  IdsMayBePsidsTest() {
    store.rows.put(1L, 11L);
  }

  @Test
  void psidOfThePage_answersItself() {
    assertThat(resolve(orPsids(1, 11))).isEqualTo(Map.of(1L, "11 STORE", 11L, "11 STORE"));
    assertThat(conversions.queued).isEmpty();
  }

  @Test
  void psidOfThePage_isConverted_whenIdsAreAsids() {
    conversions.converted.put(11L, 111L);
    assertThat(resolve(query(11))).isEqualTo(Map.of(11L, "111 UPSTREAM"));
  }

  @Test
  void psidOfThePage_answersItself_whenTheUpstreamGaveNoneForIt() {
    keepInL1(11, Verdict.UNMAPPED);
    l2.shared().put(12L, Verdict.REJECTED);
    store.rows.put(2L, 12L);
    assertThat(resolve(orPsids(11, 12))).isEqualTo(Map.of(11L, "11 STORE", 12L, "12 STORE"));
  }

  @Test
  void negative_stands_whenTheIdIsNoPsidEither() {
    keepInL1(7, Verdict.UNMAPPED);
    l2.shared().put(8L, Verdict.REJECTED);
    store.rows.put(9L, Verdict.UNMAPPED);
    assertThat(resolve(orPsids(7, 8, 9)))
        .isEqualTo(
            Map.of(
                7L, "NOT_RETURNED_BY_UPSTREAM CACHE",
                8L, "REJECTED_BY_UPSTREAM CACHE",
                9L, "NOT_RETURNED_BY_UPSTREAM STORE"));
    assertThat(conversions.queued).isEmpty();
  }

  @Test
  void store_isNotAsked_whenL1KnowsAllAsMapped() {
    keepInL1(1, 11);
    assertThat(resolve(orPsids(1))).isEqualTo(Map.of(1L, "11 CACHE"));
    assertThat(store.asked).isEmpty();
  }

  @Test
  void id_isConverted_whenItIsNeither() {
    conversions.converted.put(5L, 55L);
    assertThat(resolve(orPsids(5))).isEqualTo(Map.of(5L, "55 UPSTREAM"));
  }
}
