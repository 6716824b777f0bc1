package org.psidgateway.ops;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Logs an outage twice, however many calls fail meanwhile: when it begins, with the reason, and
 * when it is over, with how long it lasted. In between, each further cause is logged once.
 * Thread-safe; never blocks.
 */
public final class OutageLog {
  private final Logger log;
  private final String began;
  private final String ended;
  private final long quiet;
  private final LongSupplier nanoTime;

  /** The present outage; null while there is none. */
  private final AtomicReference<@Nullable Present> present = new AtomicReference<>();

  private volatile long failedAt;

  /**
   * @param causes those in the log
   */
  private record Present(long since, Set<String> causes) {
    Present(long since, String cause) {
      this(since, ConcurrentHashMap.newKeySet());
      causes.add(cause);
    }
  }

  /**
   * @param began the message at the beginning; the reason is added in parentheses
   * @param ended the message at the end; the duration is added in parentheses
   */
  public OutageLog(Class<?> owner, String began, String ended) {
    this(owner, began, ended, Duration.ZERO);
  }

  /**
   * For concurrent calls, of which some may work while others fail.
   *
   * @param quiet for how long nothing has failed once the outage is over
   */
  public OutageLog(Class<?> owner, String began, String ended, Duration quiet) {
    this(owner, began, ended, quiet, System::nanoTime);
  }

  OutageLog(Class<?> owner, String began, String ended, Duration quiet, LongSupplier nanoTime) {
    this.log = Logger.getLogger(owner);
    this.began = began;
    this.ended = ended;
    this.quiet = quiet.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Something failed. Only the first failure since the end of the previous outage is logged. */
  public void failed(String reason) {
    failed("", reason);
  }

  /**
   * Something failed. Only the first failure of each cause since the end of the previous outage is
   * logged.
   *
   * @param cause one of a few
   */
  public void failed(String cause, String reason) {
    long now = nanoTime.getAsLong();
    failedAt = now;
    Present begun = present.get();
    if (begun != null) {
      if (begun.causes().add(cause)) {
        log.warnf("%s; another cause (%s)", began, reason);
      }
    } else if (present.compareAndSet(null, new Present(now, cause))) {
      log.warnf("%s (%s)", began, reason);
    }
  }

  /** Something worked. */
  public void recovered() {
    Present begun = present.get();
    long now = nanoTime.getAsLong();
    if (begun != null && now - failedAt >= quiet && present.compareAndSet(begun, null)) {
      double seconds = (now - begun.since()) / 1e9;
      log.infof("%s (after %s s)", ended, String.format(Locale.ROOT, "%.1f", seconds));
    }
  }

  /** Whether there is an outage now. */
  public boolean isAway() {
    return present.get() != null;
  }
}
