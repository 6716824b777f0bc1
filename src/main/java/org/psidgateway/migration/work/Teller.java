package org.psidgateway.migration.work;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.forecast.Bottleneck;
import org.psidgateway.forecast.Forecast;
import org.psidgateway.forecast.Forecasts;
import org.psidgateway.forecast.Work;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.migration.State;
import org.psidgateway.model.Lane;
import org.psidgateway.time.Micros;
import org.psidgateway.time.Ticker;

/**
 * Writes down when each migration will be done, and what bounds it, so that whoever asks reads a
 * row. The owner's alone; one thread at a time.
 */
@Singleton
class Teller {
  private static final Logger LOG = Logger.getLogger(Teller.class);

  /** Migrations a round: with more of them each is looked at less often. */
  private static final int MOST = 20;

  private static final String TELL =
      """
      update migration
         set ids_per_second = ?, eta_p50 = at_micros(?::bigint), eta_p90 = at_micros(?::bigint),
             eta_resumed = at_micros(?::bigint), eta_reason = ?, on_track = ?, bottleneck = ?,
             bottleneck_until = at_micros(?::bigint), bottleneck_position = ?::integer,
             throttled_micros = throttled_micros + ?
       where id = ? and finished_at is null
      """;

  private final Transactions transactions;
  private final Forecasts forecasts;
  private final Ticker ticker;
  private final Rates rates = new Rates();
  private final Map<MigrationId, Long> toldAt = new HashMap<>();
  private final Set<MigrationId> late = new HashSet<>();
  private int next;

  Teller(Transactions transactions, Forecasts forecasts, Ticker ticker) {
    this.transactions = transactions;
    this.forecasts = forecasts;
    this.ticker = ticker;
  }

  /**
   * Looks at some of them, those that are worked on first. Blocks.
   *
   * @param jobs in the order in which they are worked on
   * @param closesAt the end of the upstream's window; null if none is known
   * @return how many will probably be late
   */
  int tell(List<Job> jobs, @Nullable Instant closesAt) throws SQLException {
    Set<MigrationId> all = jobs.stream().map(Job::id).collect(Collectors.toSet());
    rates.keep(all);
    late.retainAll(all);
    toldAt.keySet().retainAll(all);
    int rounds = Math.min(jobs.size(), MOST);
    for (int i = 0; i < rounds; i++) {
      Job job = jobs.get((next + i) % jobs.size());
      if (job.state() != State.UPLOADING) {
        tell(job, jobs, closesAt);
      }
    }
    next = jobs.size() <= MOST ? 0 : (next + rounds) % jobs.size();
    return late.size();
  }

  private void tell(Job job, List<Job> jobs, @Nullable Instant closesAt) throws SQLException {
    List<Job> before =
        jobs.stream().takeWhile(one -> !one.id().equals(job.id())).filter(Job::isWorking).toList();
    long idsBefore = before.stream().mapToLong(Job::open).sum();
    Forecast forecast =
        forecasts.of(new Work(job.page(), job.open(), Lane.BACKGROUND, 1, idsBefore));
    boolean onTrack = onTrack(job, forecast, closesAt);
    Bottleneck bound = forecast.bottleneck();
    Integer position =
        bound.what() == Bottleneck.What.QUEUE ? Integer.valueOf(before.size()) : null;
    long nanos = ticker.nanos();
    long since = nanos - toldAt.getOrDefault(job.id(), nanos);
    boolean throttled = job.isWorking() && bound.what() == Bottleneck.What.COOLDOWN;
    toldAt.put(job.id(), nanos);
    @Nullable Object[] values = {
      job.isWorking() ? rates.of(job.id(), nanos, job.answered()) : 0.0,
      job.isWorking() ? micros(forecast.p50()) : null,
      job.isWorking() ? micros(forecast.p90()) : null,
      job.isWorking() ? null : micros(forecast.p50()),
      forecast.reason(),
      onTrack,
      bound.what().wireName(),
      micros(bound.until()),
      position,
      throttled ? since / 1000 : 0,
      job.id().value()
    };
    transactions.run(
        connection -> {
          RoundTrip.opening().update(TELL, values).commit().run(connection);
          return true;
        });
    log(job, onTrack);
  }

  private static @Nullable Long micros(@Nullable Instant time) {
    return time == null ? null : Micros.of(time);
  }

  /** Done by then in nine of ten cases. */
  private static boolean onTrack(Job job, Forecast forecast, @Nullable Instant closesAt) {
    Instant deadline = job.deadline();
    if (closesAt != null && (deadline == null || closesAt.isBefore(deadline))) {
      deadline = closesAt;
    }
    Instant end = forecast.p90();
    return deadline == null || job.open() == 0 || end != null && !end.isAfter(deadline);
  }

  private void log(Job job, boolean onTrack) {
    if (onTrack) {
      if (late.remove(job.id())) {
        LOG.infof("Migration %s will probably be done by its deadline again", job.id());
      }
    } else if (late.add(job.id())) {
      LOG.warnf(
          "Migration %s will probably not be done by its deadline: %d ids are left",
          job.id(), job.open() + job.underWay());
    }
  }

  void forget() {
    rates.keep(Set.of());
    late.clear();
    toldAt.clear();
  }
}
