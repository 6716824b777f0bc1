package org.psidgateway.api.admin;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.StoreCalls;
import org.psidgateway.books.Books;
import org.psidgateway.books.LimitsReport;
import org.psidgateway.db.Outage;
import org.psidgateway.model.PageId;
import org.psidgateway.page.Pages;

/** What operators of Pages see of the upstream's limits; and puts suspicions to the test. */
@Singleton
class PageLimits {
  private static final Logger LOG = Logger.getLogger(PageLimits.class);

  private final Books books;
  private final StoreCalls store;

  PageLimits(Books books, StoreCalls store) {
    this.books = books;
    this.store = store;
  }

  /** Limits of all Pages, by one query; empty if PostgreSQL does not answer in time. */
  Uni<Snapshot> snapshot(long deadline) {
    return store
        .read(deadline, () -> new Snapshot(Optional.of(books.limits())))
        .onFailure(Outage::is)
        .recoverWithItem(() -> new Snapshot(Optional.empty()));
  }

  /**
   * Lets the next call find out whether what is suspected of the upstream holds. For changes that
   * are committed already: a failure is logged and harms nobody, as the suspicion is put to the
   * test once a day anyway. Blocking.
   */
  void trust() {
    try {
      books.trust();
    } catch (SQLException e) {
      LOG.warnf(
          "Could not schedule a probe of the upstream: PostgreSQL is unavailable (%s)",
          Outage.describe(e));
    }
  }

  /** The quota limit before and after a change of a Page. */
  record Move(long before, long after) {}

  /** How the change moved the quota limit; null if it did not. A move is logged. Never blocks. */
  @Nullable Move moved(Pages.Saved saved) {
    Move move = new Move(books.quotaLimit(saved.fansBefore()), books.quotaLimit(saved.fansAfter()));
    if (move.before == move.after) {
      return null;
    }
    LOG.warnf(
        "A change of Page %s moved the lifetime quota limit from %d to %d, since %s",
        saved.page().id(),
        move.before,
        move.after,
        saved.fansAfter().isPresent()
            ? "it follows fans while every Page has them"
            : "it follows fans only while every Page has them");
    return move;
  }

  /** The limits at one moment; empty if the ledger could not be asked. */
  record Snapshot(Optional<LimitsReport> limits) {

    @Nullable Instant cooldownUntil(PageId page) {
      return limits.map(all -> all.page(page).cooldownUntil()).orElse(null);
    }

    /** Percentages to one decimal; what the upstream never said is left out. */
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
