package org.psidgateway.books;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.psidgateway.limits.LimitStatus;
import org.psidgateway.model.PageId;

/**
 * What holds calls back besides the pace: for the app, and for each Page.
 *
 * @param byPage Pages that the upstream has said something about; all others have the app's figures
 * @param unproven whether the upstream rejects the app's proof, for all Pages or for one
 * @param statuses of the app and of each of these Pages by itself
 */
public record LimitsReport(
    Figures app, Map<PageId, Figures> byPage, boolean unproven, List<LimitStatus> statuses) {

  /**
   * As they count now.
   *
   * @param cooldownUntil null if there is no cooldown
   * @param appUsage percent as reported last, decayed since; null if none ever was
   * @param pageUsage likewise
   */
  public record Figures(
      @Nullable Instant cooldownUntil, @Nullable Double appUsage, @Nullable Double pageUsage) {
    private static final Figures NONE = new Figures(null, null, null);

    /** The Page's; the app's cooldown and usage count there too. */
    private Figures with(LimitStatus page) {
      return new Figures(later(cooldownUntil, page.stoppedUntil()), appUsage, page.usage());
    }
  }

  static LimitsReport of(List<LimitStatus> statuses) {
    Figures app =
        statuses.stream()
            .filter(status -> status.page() == null)
            .findFirst()
            .map(status -> new Figures(status.stoppedUntil(), status.usage(), null))
            .orElse(Figures.NONE);
    Map<PageId, Figures> byPage = new HashMap<>();
    for (LimitStatus status : statuses) {
      PageId page = status.page();
      if (page != null) {
        byPage.put(page, app.with(status));
      }
    }
    return new LimitsReport(
        app, byPage, statuses.stream().anyMatch(LimitStatus::unproven), statuses);
  }

  public Figures page(PageId page) {
    return byPage.getOrDefault(page, app);
  }

  /** How many Pages have a cooldown, their own or the app's. */
  long cooling(Instant at) {
    return byPage.values().stream()
        .map(Figures::cooldownUntil)
        .filter(until -> until != null && until.isAfter(at))
        .count();
  }

  private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
    return one == null || other != null && other.isAfter(one) ? other : one;
  }
}
