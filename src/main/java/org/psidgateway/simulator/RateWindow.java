package org.psidgateway.simulator;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.psidgateway.simulator.SimulatorScript.Settings;
import org.psidgateway.simulator.SimulatorScript.UsageHeader;

/**
 * Calls in a sliding window, for the app or for each Page. A refused call counts like any other, so
 * a client that keeps calling stays blocked. Thread-safe.
 */
final class RateWindow {
  private static final long APP = 0;
  private final Map<Long, ArrayDeque<Long>> callsByScope = new HashMap<>();

  /**
   * The state of the limit after a call. Only {@code X-App-Usage} goes with an app's token.
   *
   * @param page 0 for the app
   * @param regainMs 0 if the limit is kept
   */
  record Usage(long page, int percent, long regainMs) {
    static final Usage UNLIMITED = new Usage(APP, -1, 0);

    boolean blocked() {
      return regainMs > 0;
    }

    Map<String, String> headers(Settings settings) {
      Map<String, String> headers = new LinkedHashMap<>();
      if (percent >= settings.usageFromPercent) {
        settings.usageHeaders.stream()
            .filter(header -> page != APP || header == UsageHeader.APP)
            .forEach(header -> headers.put(name(header), value(header)));
      }
      if (blocked() && settings.retryAfter) {
        headers.put("Retry-After", Long.toString((regainMs + 999) / 1000));
      }
      return headers;
    }

    private static String name(UsageHeader header) {
      return switch (header) {
        case APP -> "X-App-Usage";
        case PAGE -> "X-Page-Usage";
        case BUSINESS -> "X-Business-Use-Case-Usage";
      };
    }

    private String value(UsageHeader header) {
      String shares =
          "\"call_count\":%d,\"total_time\":%d,\"total_cputime\":%d"
              .formatted(percent, percent / 2, percent / 3);
      if (header != UsageHeader.BUSINESS) {
        return "{" + shares + "}";
      }
      long minutes = (regainMs + 59_999) / 60_000;
      return "{\"%d\":[{\"type\":\"pages\",%s,\"estimated_time_to_regain_access\":%d}]}"
          .formatted(page, shares, minutes);
    }
  }

  /**
   * Counts a call at {@code now} (epoch milliseconds) and returns whether it stays within the
   * limit.
   */
  synchronized Usage count(Settings settings, long page, long now) {
    Integer limit = settings.rateCalls;
    if (limit == null) {
      return Usage.UNLIMITED;
    }
    long scope = isOfPage(settings.rateCode) ? page : APP;
    ArrayDeque<Long> calls = callsByScope.computeIfAbsent(scope, key -> new ArrayDeque<>());
    while (!calls.isEmpty() && calls.getFirst() <= now - settings.ratePerMs) {
      calls.removeFirst();
    }
    boolean blocked = calls.size() >= limit;
    calls.addLast(now);
    int percent = (int) Math.min(Integer.MAX_VALUE, 100L * calls.size() / limit);
    return new Usage(page, percent, blocked ? regainMs(calls, limit, settings, now) : 0);
  }

  /** How long until enough calls have left the window for another one. */
  private static long regainMs(ArrayDeque<Long> calls, int limit, Settings settings, long now) {
    long leaving = calls.stream().skip(calls.size() - (long) limit).findFirst().orElse(now);
    return Math.max(1, leaving + settings.ratePerMs - now);
  }

  private static boolean isOfPage(int code) {
    return code == 32 || code >= 80_000;
  }
}
