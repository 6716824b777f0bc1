package org.psidgateway.page;

import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.psidgateway.model.Ids;
import org.psidgateway.model.PageId;
import org.psidgateway.ops.StartupCheck;

/** The seeds of the configuration, by Page, and what is wrong with them. */
@Singleton
class Seeds implements StartupCheck {
  private final Map<String, PagesConfig.Seed> configured;

  Seeds(PagesConfig config) {
    configured = config.seeds();
  }

  /** In the order of the ids. Call it only where there are no {@link #problems}. */
  SortedMap<PageId, PagesConfig.Seed> byPage() {
    SortedMap<PageId, PagesConfig.Seed> seeds = new TreeMap<>(Comparator.naturalOrder());
    configured.forEach((key, seed) -> seeds.put(PageId.parse(key).orElseThrow(), seed));
    return seeds;
  }

  @Override
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    configured.forEach(
        (key, seed) -> {
          String property = "gateway.pages.\"" + key + "\"";
          if (Ids.parse(key) == Ids.MALFORMED) {
            problems.add(property + " is no Page id: 1 to 19 digits without a leading zero");
          }
          if (seed.fans().orElse(0) < 0) {
            problems.add(property + ".fans must not be negative");
          }
        });
    long testPages =
        configured.values().stream().filter(seed -> seed.testPage().orElse(false)).count();
    if (testPages > Pages.MAX_TEST_PAGES) {
      problems.add(
          "gateway.pages.*.test-page is true for "
              + testPages
              + " Pages; an app may have "
              + Pages.MAX_TEST_PAGES);
    }
    return problems;
  }
}
