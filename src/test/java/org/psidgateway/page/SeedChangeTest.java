package org.psidgateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.psidgateway.model.PageId;

class SeedChangeTest {

  @Property
  void nothing_isAppliedASecondTime_whateverChangedSince(
      @ForAll @AlphaChars @StringLength(min = 1, max = 20) String token,
      @ForAll @AlphaChars @StringLength(min = 1, max = 20) String name,
      @ForAll @LongRange(min = 0) long fans,
      @ForAll boolean testPage,
      @ForAll boolean withToken,
      @ForAll boolean withName) {
    Map<String, String> values = new HashMap<>();
    values.put("FANS", Long.toString(fans));
    values.put("TEST_PAGE", Boolean.toString(testPage));
    if (withToken) {
      values.put("TOKEN", token);
    }
    if (withName) {
      values.put("NAME", name);
    }
    PageEntity row = row();

    SeedChange first = SeedChange.of(seed(values), row, true);
    assertThat(first)
        .isEqualTo(
            new SeedChange(withToken ? token : null, withName ? name : null, fans, testPage));
    row.describe(first.name(), first.fans(), first.testPage());
    row.rememberSeed(first);
    row.describe("changed by an operator", fans / 2, !testPage);

    assertThat(SeedChange.of(seed(values), row, true).isEmpty()).isTrue();
  }

  @Example
  void onlyTheValueThatDiffers_isApplied() {
    PageEntity row = row();
    row.rememberSeed(SeedChange.of(seed(Map.of("NAME", "a", "FANS", "3")), row, true));

    assertThat(SeedChange.of(seed(Map.of("NAME", "a", "FANS", "4")), row, true))
        .isEqualTo(new SeedChange(null, null, 4L, null));
  }

  @Example
  void aValueThatWasLeftOut_isNotAppliedAgain_whenItComesBackTheSame() {
    PageEntity row = row();
    row.rememberSeed(SeedChange.of(seed(Map.of("NAME", "a")), row, true));
    row.rememberSeed(SeedChange.of(seed(Map.of("FANS", "1")), row, true));

    assertThat(SeedChange.of(seed(Map.of("NAME", "a", "FANS", "1")), row, true).isEmpty()).isTrue();
  }

  @Example
  void theTokenSeededLast_isAppliedAgain_whenTheStoredOneIsUnreadable() {
    PageEntity row = row();
    row.rememberSeed(SeedChange.of(seed(Map.of("TOKEN", "t")), row, true));

    assertThat(SeedChange.of(seed(Map.of("TOKEN", "t")), row, false).token()).isEqualTo("t");
  }

  @Example
  void theTokenOfAFile_losesTheEndOfItsLine() {
    assertThat(SeedChange.of(seed(Map.of("TOKEN", "t\n")), row(), true).token()).isEqualTo("t");
  }

  @Example
  void digest_differs_fromPageToPage() {
    assertThat(SeedChange.digest(new PageId(1), "t"))
        .isNotEqualTo(SeedChange.digest(new PageId(2), "t"))
        .doesNotContain("t");
  }

  private static PageEntity row() {
    PageEntity row = new PageEntity();
    row.id = 100;
    row.updatedAt = Instant.EPOCH;
    return row;
  }

  private static PagesConfig.Seed seed(Map<String, String> values) {
    Map<String, String> env = new HashMap<>();
    values.forEach((key, value) -> env.put("GATEWAY_PAGES__100__" + key, value));
    return SeedsTest.seeds(env).byPage().get(new PageId(100));
  }
}
