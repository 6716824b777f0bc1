package org.psidgateway.simulator;

import java.util.stream.Stream;
import org.psidgateway.simulator.SimulatorScript.Settings;

/** Refuses settings that make no sense, before they are in force. */
final class SettingsCheck {
  private SettingsCheck() {}

  static void check(Settings s) {
    boolean complete =
        Stream.of(
                s.pages,
                s.brokenTokens,
                s.otherTokens,
                s.mode,
                s.invalidIds,
                s.unmappedIds,
                s.invalidSuffixes,
                s.unmappedSuffixes,
                s.psidStyle,
                s.emptyStyle,
                s.errorDataStyle,
                s.errorDataKey,
                s.statuses,
                s.usageHeaders,
                s.faults)
            .allMatch(value -> value != null);
    require(complete && !s.faults.contains(null), "a setting that may not be null is null");
    require(s.pages.keySet().stream().allMatch(page -> page > 0), "a page id is positive");
    require(s.maxIds > 0, "max_ids is 1 or more");
    require(s.quota == null || s.quota >= 0, "quota is 0 or more, or null");
    require(s.rateCalls == null || s.rateCalls > 0, "rate_calls is 1 or more, or null");
    require(s.ratePerMs > 0, "rate_per_ms is 1 or more");
    require(
        s.statuses.values().stream().allMatch(status -> status >= 200 && status <= 599),
        "statuses are HTTP statuses, 200 to 599");
  }

  static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
