package org.psidgateway.ops;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Logs an outage twice, however many calls fail meanwhile: when it begins, with the reason, and
 * when it is over, with how long it lasted. Thread-safe; never blocks.
 */
public final class OutageLog {
  private final Logger log;
  private final String began;
  private final String ended;
  private final long quiet;
  private final LongSupplier nanoTime;

  /** When the present outage began; null while there is none. */
  private final AtomicReference<@Nullable Long> since = new AtomicReference<>();

  private volatile long failedAt;

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
    long now = nanoTime.getAsLong();
    failedAt = now;
    if (since.compareAndSet(null, now)) {
      log.warnf("%s (%s)", began, reason);
    }
  }

  /** Something worked. */
  public void recovered() {
    Long begun = since.get();
    long now = nanoTime.getAsLong();
    if (begun != null && now - failedAt >= quiet && since.compareAndSet(begun, null)) {
      log.infof("%s (after %s s)", ended, String.format(Locale.ROOT, "%.1f", (now - begun) / 1e9));
    }
  }

  /** Whether there is an outage now. */
  public boolean isAway() {
    return since.get() != null;
  }
}
