package org.psidgateway.page;

import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.psidgateway.model.PageId;
import org.psidgateway.ops.Faults;
import org.psidgateway.ops.StartupCheck;

/** The seeds of the configuration, by Page, and what is wrong with them. */
@Singleton
class Seeds implements StartupCheck {
  private final Map<String, PagesConfig.Seed> configured;

  Seeds(PagesConfig config) {
    configured = config.seeds();
  }

  /** In the order of the ids. For a configuration that was checked. */
  SortedMap<PageId, PagesConfig.Seed> byPage() {
    SortedMap<PageId, PagesConfig.Seed> seeds = new TreeMap<>(Comparator.naturalOrder());
    configured.forEach((key, seed) -> seeds.put(PageId.parse(key).orElseThrow(), seed));
    return seeds;
  }

  @Override
  public void check(Faults faults) {
    configured.forEach(
        (key, seed) -> {
          String property = "gateway.pages.\"" + key + "\"";
          if (PageId.parse(key).isEmpty()) {
            faults.add(
                property
                    + " is not a valid Page id: must be 1 to 19 digits without a leading zero");
          }
          seed.fans()
              .ifPresent(fans -> faults.between(property + ".fans", fans, 0, Pages.MAX_FANS));
        });
    long testPages =
        configured.values().stream().filter(seed -> seed.testPage().orElse(false)).count();
    faults.require(
        testPages <= Pages.MAX_TEST_PAGES,
        "gateway.pages.*.test-page",
        "true for " + testPages + " Pages",
        "so for " + Pages.MAX_TEST_PAGES + " at most");
  }
}
