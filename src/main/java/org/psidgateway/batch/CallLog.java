package org.psidgateway.batch;

import java.time.Duration;
import java.util.Locale;
import org.jboss.logging.Logger;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.upstream.Outcome;
import org.psidgateway.upstream.Outcome.Unsent;

/**
 * Logs each upstream call that ended without an answer, on a line of its own: there are few of
 * them, and one that is uncertain may have cost a whole batch of conversions. Without ids.
 */
final class CallLog {
  private static final Logger LOG = Logger.getLogger(CallLog.class);

  private CallLog() {}

  static void ended(Granted granted, Outcome outcome, Duration took) {
    boolean heldBack = outcome instanceof Unsent unsent && unsent.isHeldBack();
    if (!outcome.detail().isEmpty() && !heldBack) {
      LOG.warnf(
          "Upstream call %s %s: %s, %d ids, %s (%s), %d ms",
          granted.callId(),
          outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT),
          granted.page().isAny() ? "all Pages" : "Page " + granted.page(),
          granted.asids().length,
          outcome.label(),
          outcome.detail(),
          took.toMillis());
    }
  }
}
