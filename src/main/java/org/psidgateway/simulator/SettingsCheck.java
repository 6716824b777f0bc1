package org.psidgateway.simulator;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.psidgateway.simulator.SimulatorScript.Settings;

/** Refuses settings that make no sense, before they take effect. */
final class SettingsCheck {
  private SettingsCheck() {}

  static void check(Settings s) {
    boolean complete =
        Stream.of(s.mode, s.psidStyle, s.emptyStyle, s.errorDataStyle, s.errorDataKey, s.appId)
                .allMatch(Objects::nonNull)
            && Stream.of(s.foreignPage, s.usagePlace).allMatch(Objects::nonNull)
            && Stream.of(s.pages, s.brokenTokens, s.statuses, s.extraHeaders, s.operationHeaders)
                .allMatch(SettingsCheck::isComplete)
            && Stream.of(s.otherTokens, s.invalidIds, s.unmappedIds, s.usageHeaders)
                .allMatch(SettingsCheck::isComplete)
            && Stream.of(s.businessPages, s.foreignPages).allMatch(SettingsCheck::isComplete)
            && Stream.of(s.invalidSuffixes, s.unmappedSuffixes, s.partialSuffixes, s.faults)
                .allMatch(SettingsCheck::isComplete);
    require(complete, "something that may not be null is null");
    require(s.pages.keySet().stream().allMatch(page -> page > 0), "a page id is positive");
    require(s.maxIds > 0, "max_ids is 1 or more");
    require(s.maxOperations > 0, "max_operations is 1 or more");
    require(s.rowsPerPage > 0, "rows_per_page is 1 or more");
    require(s.maxRowsPerPage > 0, "max_rows_per_page is 1 or more");
    require(s.emptyPages >= 0, "empty_pages is 0 or more");
    require(s.quota == null || s.quota >= 0, "quota is 0 or more, or null");
    require(s.rateCalls == null || s.rateCalls > 0, "rate_calls is 1 or more, or null");
    require(s.ratePerMs > 0, "rate_per_ms is 1 or more");
    require(
        s.statuses.values().stream().allMatch(status -> status >= 200 && status <= 599),
        "statuses are HTTP statuses, 200 to 599");
  }

  private static boolean isComplete(@Nullable Map<?, ?> map) {
    return map != null && isComplete(map.values());
  }

  private static boolean isComplete(@Nullable Collection<?> values) {
    return values != null && values.stream().allMatch(Objects::nonNull);
  }

  static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
