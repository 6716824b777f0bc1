package org.psidgateway.migration.work;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.forecast.Forecast;
import org.psidgateway.forecast.Forecasts;
import org.psidgateway.forecast.Work;
import org.psidgateway.limits.Limits;
import org.psidgateway.migration.Counts;
import org.psidgateway.migration.Desired;
import org.psidgateway.migration.FirstState;
import org.psidgateway.migration.Migration;
import org.psidgateway.migration.Migration.Bill;
import org.psidgateway.migration.Migration.Eta;
import org.psidgateway.migration.Settings;
import org.psidgateway.migration.State;
import org.psidgateway.migration.Uploads;
import org.psidgateway.migration.list.Content;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Tariff;
import org.psidgateway.store.MappingStore;

/** What a migration of a list would be, if it began now, behind those that are worked on. */
@Singleton
class DryRun implements Uploads.Preview {
  private final Transactions transactions;
  private final Comparison comparison;
  private final Forecasts forecasts;
  private final Limits limits;
  private final Tariff tariff;
  private final FirstState firstState;
  private final InstantSource clock;

  DryRun(
      Transactions transactions,
      MappingStore store,
      Forecasts forecasts,
      Limits limits,
      Tariff tariff,
      FirstState firstState,
      InstantSource clock) {
    this.transactions = transactions;
    this.comparison = new Comparison(store);
    this.forecasts = forecasts;
    this.limits = limits;
    this.tariff = tariff;
    this.firstState = firstState;
    this.clock = clock;
  }

  @Override
  public Migration of(long listNo, Content content, PageId page, String caller, Settings settings)
      throws SQLException {
    Comparison.Found found = compared(listNo, page);
    Counts counts =
        new Counts(
            content.received(),
            content.malformed(),
            found.duplicates(),
            found.distinct(),
            found.known(),
            0,
            found.unmapped(),
            found.invalid(),
            0,
            0);
    Instant closesAt = tariff.isWindowed() ? limits.window().closesAt() : null;
    Instant deadline = first(settings.deadline(), closesAt);
    Forecast forecast =
        forecasts.of(
            new Work(page, counts.remaining(), Lane.BACKGROUND, 1, before(deadline, closesAt)));
    Instant now = clock.instant();
    State first = firstState.of(counts.remaining(), settings.confirm(), settings.canaryIds());
    return new Migration(
        null,
        null,
        page,
        settings,
        caller,
        1,
        0,
        first == State.AWAITING_CONFIRMATION ? Desired.PAUSED : Desired.RUNNING,
        first,
        null,
        now,
        null,
        null,
        deadline,
        counts,
        0,
        eta(forecast, deadline, counts.remaining(), now),
        counts.remaining() == 0 ? null : forecast.bottleneck(),
        bill(counts, forecast),
        List.of());
  }

  private Comparison.Found compared(long listNo, PageId page) throws SQLException {
    Comparison.Found all = Comparison.Found.none();
    while (!all.end()) {
      long after = all.last();
      all =
          all.plus(
              transactions.run(
                  connection -> {
                    RoundTrip.opening().run(connection);
                    return comparison.next(
                        connection, listNo, page, after, Preparation.ROWS_AT_ONCE);
                  }));
    }
    return all;
  }

  /** Ids of the migrations that would go first. */
  private long before(@Nullable Instant deadline, @Nullable Instant closesAt) throws SQLException {
    return transactions.plain(connection -> Job.all(connection, closesAt)).stream()
        .filter(Job::isWorking)
        .filter(job -> goesFirst(first(job.deadline(), closesAt), deadline))
        .mapToLong(Job::open)
        .sum();
  }

  private static boolean goesFirst(@Nullable Instant theirs, @Nullable Instant ours) {
    return ours == null || theirs != null && !theirs.isAfter(ours);
  }

  private static @Nullable Instant first(@Nullable Instant one, @Nullable Instant other) {
    return one == null || other != null && other.isBefore(one) ? other : one;
  }

  private static Eta eta(Forecast forecast, @Nullable Instant deadline, long left, Instant now) {
    Instant p90 = forecast.p90();
    boolean onTrack = deadline == null || left == 0 || p90 != null && !p90.isAfter(deadline);
    return new Eta(
        forecast.p50(),
        forecast.p90(),
        null,
        forecast.reason(),
        onTrack,
        deadline == null || left == 0
            ? null
            : Double.valueOf(
                (double) left / Math.max(1, Duration.between(now, deadline).toSeconds())));
  }

  private static Bill bill(Counts counts, Forecast forecast) {
    return new Bill(
        counts.remaining(),
        forecast.calls(),
        forecast.quotaRemainingAfter(),
        0,
        0,
        counts.duplicates(),
        counts.alreadyKnown(),
        0,
        0,
        1);
  }
}
