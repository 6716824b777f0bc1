package org.psidgateway.api.admin;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.StoreCalls;
import org.psidgateway.books.Books;
import org.psidgateway.books.LimitsReport;
import org.psidgateway.db.Outage;
import org.psidgateway.model.PageId;

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

  /**
   * The lifetime quota, as a Page without fans lifts it from the fan share to the ceiling; empty if
   * PostgreSQL does not answer. Blocking.
   */
  OptionalLong quota() {
    try {
      return OptionalLong.of(books.quota().limit());
    } catch (SQLException e) {
      return OptionalLong.empty();
    }
  }

  /** Warns if the quota is higher than before this Page was registered. Blocking. */
  void compareQuota(PageId page, OptionalLong before) {
    OptionalLong after = before.isPresent() ? quota() : before;
    if (after.isPresent() && after.getAsLong() > before.getAsLong()) {
      LOG.warnf(
          "Page %s was registered without fans: the lifetime quota rose from %d to %d, since it"
              + " follows fans only while every Page has them",
          page, before.getAsLong(), after.getAsLong());
    }
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
