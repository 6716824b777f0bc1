package org.psidgateway.books;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.psidgateway.books.BooksMeters.Look;
import org.psidgateway.limits.LimitStatus;
import org.psidgateway.limits.QuotaPolicy;
import org.psidgateway.model.PageId;
import org.psidgateway.ops.OutageLog;

/**
 * Logs what holds conversions back, by what each look at the books shows: once when it begins or
 * the pod starts, and once when it is over. Used by one thread at a time.
 */
final class LimitsLog {
  private final QuotaPolicy policy;
  private final OutageLog sealed =
      log("The window is sealed: unknown ids fail for good", "The window is open again");
  private final OutageLog closed =
      log(
          "The upstream seems to be closed: one probe per day goes out",
          "The upstream is open after all");
  private final OutageLog unproven =
      log("The upstream rejects the app's proof", "The upstream accepts the app's proof again");
  private final OutageLog spent =
      log("The quota is used up: unknown ids fail", "There is quota again");
  private final OutageLog reserved =
      log(
          "The quota is down to its reserve floor: background work is stopped",
          "The quota is above its reserve floor again");
  private final OutageLog uncertain =
      log(
          "Too much of the quota is uncertain: calls go out one at a time",
          "The uncertain part of the quota is below its cap again");
  private final OutageLog suspected =
      log(
          "The upstream's own quota seems to be used up: one probe per day goes out",
          "The upstream's own quota is not used up after all");
  private final OutageLog appCooldown =
      log("The upstream throttles the app: no call goes out", "The cooldown of the app is over");
  private final Map<PageId, OutageLog> pageCooldowns = new HashMap<>();

  private volatile boolean saidAtStart;

  LimitsLog(QuotaPolicy policy) {
    this.policy = policy;
  }

  /** The start has said that the window is sealed. */
  void sealedAtStart() {
    saidAtStart = true;
  }

  void show(Look look) {
    window(look.window());
    quota(look.quota());
    say(
        unproven,
        look.limits().unproven(),
        () -> "one call per minute finds out whether that is over");
    look.limits().statuses().forEach(this::cooldown);
  }

  private void window(WindowReport window) {
    boolean isSealed = window.state() == WindowReport.State.SEALED;
    saidAtStart &= isSealed;
    if (!saidAtStart) {
      say(sealed, isSealed, () -> "since " + window.closesAt());
    }
    say(closed, window.suspectedClosed(), () -> "deprecated, or not allowed on several Pages");
  }

  /** What is held moves to and fro, so it does not count here. */
  private void quota(QuotaReport quota) {
    Long limit = quota.limit();
    if (limit == null) {
      return;
    }
    long left = limit - quota.committed() - quota.uncertain();
    Supplier<String> figures = () -> "%d of %d left".formatted(left, limit);
    say(spent, left <= 0, figures);
    say(reserved, left <= policy.floor(limit), figures);
    say(
        uncertain,
        quota.uncertain() > policy.cap(limit),
        () -> "%d of %d uncertain".formatted(quota.uncertain(), limit));
    say(suspected, quota.suspectedExhausted(), figures);
  }

  /** Over once a call has passed: until then the next throttle only makes it longer. */
  private void cooldown(LimitStatus status) {
    OutageLog cooldown = of(status.page());
    if (status.coolingUntil() != null) {
      cooldown.failed(
          "until %s; throttles in a row: %d; usage: %s"
              .formatted(status.coolingUntil(), status.throttles(), percent(status.usage())));
    } else if (status.throttles() == 0) {
      cooldown.recovered();
    }
  }

  private static String percent(@Nullable Double usage) {
    return usage == null ? "not reported" : Math.round(usage) + " %";
  }

  private OutageLog of(@Nullable PageId page) {
    return page == null
        ? appCooldown
        : pageCooldowns.computeIfAbsent(
            page,
            id ->
                log(
                    "The upstream throttles Page " + id + ": no call goes out for it",
                    "The cooldown of Page " + id + " is over"));
  }

  private static void say(OutageLog log, boolean now, Supplier<String> why) {
    if (now) {
      log.failed(why.get());
    } else {
      log.recovered();
    }
  }

  private static OutageLog log(String began, String ended) {
    return new OutageLog(LimitsLog.class, began, ended);
  }
}
