package org.psidgateway.api;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.model.PageId;

/** What operators of Pages see of the upstream's limits, and have them put to the test. */
@Singleton
class PageLimits {
  private static final Logger LOG = Logger.getLogger(PageLimits.class);

  private final Ledger ledger;

  PageLimits(Ledger ledger) {
    this.ledger = ledger;
  }

  /** What was told of all Pages, by one query; of none while PostgreSQL is away. Blocking. */
  Told told() {
    try {
      return new Told(Optional.of(ledger.limits()));
    } catch (SQLException e) {
      LOG.debug("The limits of the Pages cannot be read", e);
      return new Told(Optional.empty());
    }
  }

  /**
   * Lets the next call find out whether what is suspected of the upstream holds. For changes that
   * are committed already: a failure is logged and harms nobody, as the suspicion is put to the
   * test once a day anyway. Blocking.
   */
  void trust() {
    try {
      ledger.trust();
    } catch (SQLException e) {
      LOG.warnf("Suspicions of the upstream stay as they are: %s", e.getClass().getName());
    }
  }

  /** At one moment; nothing where the ledger could not be asked. */
  record Told(Optional<Ledger.LimitsOf> limits) {

    @Nullable Instant cooldownUntil(PageId page) {
      return limits.map(all -> all.page(page).cooldownUntil()).orElse(null);
    }

    /** Percentages to one decimal; what was never told is left out. */
    Map<String, Double> usage(PageId page) {
      Map<String, Double> usage = new TreeMap<>();
      limits
          .map(all -> all.page(page))
          .ifPresent(
              of -> {
                put(usage, "app", of.appUsage());
                put(usage, "page", of.pageUsage());
              });
      return usage;
    }

    private static void put(Map<String, Double> usage, String of, @Nullable Double percent) {
      if (percent != null) {
        usage.put(of, Math.round(percent * 10) / 10.0);
      }
    }
  }
}
