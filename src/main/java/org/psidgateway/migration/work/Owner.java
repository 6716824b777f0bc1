package org.psidgateway.migration.work;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.psidgateway.batch.Batcher;
import org.psidgateway.db.Outage;
import org.psidgateway.db.Transactions;
import org.psidgateway.db.lease.Lease;
import org.psidgateway.forecast.Forecasts;
import org.psidgateway.limits.Limits;
import org.psidgateway.migration.FirstState;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.migration.State;
import org.psidgateway.model.Tariff;
import org.psidgateway.ops.OutageLog;
import org.psidgateway.ops.Workers;
import org.psidgateway.store.MappingStore;
import org.psidgateway.time.Ticker;

/**
 * Works on all migrations, in one pod at a time: the upstream is one, and who goes first is then a
 * matter of this process's memory. Another pod takes over within a lease's term, from what the
 * tables say; the ledger gives calls to the present owner alone.
 */
@Singleton
class Owner {
  private static final Logger LOG = Logger.getLogger(Owner.class);
  private static final String ANYWAY = "true";
  private static final int WORKERS = 3;
  private static final Duration QUIET = Duration.ofSeconds(5);
  private static final Duration LONGEST_PREPARATION = Duration.ofDays(1);

  private final OutageLog refused =
      new OutageLog(
          Owner.class,
          "PostgreSQL refuses the work on migrations: their ids stay where they are",
          "Migrations are worked on again");
  private final OutageLog unprepared =
      new OutageLog(
          Owner.class,
          "PostgreSQL refuses to take lists in: their migrations stay uploading",
          "Lists are taken in again");
  private final Transactions transactions;
  private final Limits limits;
  private final Tariff tariff;
  private final Teller teller;
  private final WorkMeters meters;
  private final Ticker ticker;
  private final Lease lease = new Lease("migrations");
  private final Kit kit;
  private final Preparation preparation;
  private final Workers preparers = new Workers(1);
  private final Set<MigrationId> preparing = ConcurrentHashMap.newKeySet();
  private final Map<MigrationId, Run> runs = new HashMap<>();
  private long fence = MigrationAccount.NO_FENCE;
  private boolean ending;

  Owner(
      Transactions transactions,
      Limits limits,
      Tariff tariff,
      Batcher batcher,
      MappingStore store,
      Forecasts forecasts,
      FirstState firstState,
      Teller teller,
      WorkMeters meters,
      Ticker ticker) {
    this.transactions = transactions;
    this.limits = limits;
    this.tariff = tariff;
    this.teller = teller;
    this.meters = meters;
    this.ticker = ticker;
    Decisions decisions = new Decisions(transactions, lease);
    this.kit =
        new Kit(
            batcher,
            new Feed(transactions, store),
            decisions,
            new Canary(decisions),
            meters,
            new Workers(WORKERS),
            new OutageLog(
                Run.class,
                "PostgreSQL refuses to read or write what became of ids: some migrations stand still",
                "All migrations go on",
                QUIET),
            ticker,
            Math.max(1, tariff.batchSize()),
            2 * batcher.concurrency() + 2);
    this.preparation =
        new Preparation(decisions, new Comparison(store), forecasts, firstState, meters);
  }

  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  synchronized void work() {
    if (ending) {
      return;
    }
    try {
      OptionalLong held = transactions.run(lease::take);
      if (held.isEmpty()) {
        resign();
        return;
      }
      if (held.getAsLong() != fence) { // others may have worked on them meanwhile
        resign();
        fence = held.getAsLong();
      }
      workOnAll();
      refused.recovered();
    } catch (Decisions.Lost e) {
      resign();
    } catch (SQLException e) {
      if (!Outage.is(e)) {
        refused.failed(Outage.describe(e));
      }
    }
  }

  private void workOnAll() throws SQLException {
    Instant closesAt = tariff.isWindowed() ? limits.window().closesAt() : null;
    List<Job> jobs = transactions.plain(connection -> Job.all(connection, closesAt));
    Set<MigrationId> working = new HashSet<>();
    for (int i = 0; i < jobs.size(); i++) {
      Job job = jobs.get(i);
      if (!moved(job, closesAt)) {
        if (job.state() == State.UPLOADING) {
          prepare(job);
        } else if (job.isWorking()) {
          working.add(job.id());
          run(job).go(i);
        }
      }
    }
    stopAllBut(working);
    meters.owns(jobs, teller.tell(jobs, closesAt));
    for (Run run : runs.values()) {
      run.remember();
    }
  }

  private boolean moved(Job job, @Nullable Instant closesAt) throws SQLException {
    if (job.astray()) {
      kit.decisions().recount(job.id(), fence);
    }
    if (job.next() != null) {
      if (job.underWay() == 0) { // whoever ended its last call should have made the move
        kit.decisions().conclude(job.id(), fence);
      }
      if (job.next().isEnd()) {
        return true;
      }
    }
    Due due = due(job, closesAt);
    if (due == null) {
      return false;
    }
    kit.decisions().move(job.id(), fence, due.to(), due.reason(), due.because());
    return true;
  }

  private record Due(State to, @Nullable String reason, String because) {}

  private @Nullable Due due(Job job, @Nullable Instant closesAt) {
    boolean closed =
        tariff.isSealed()
            || tariff.isWindowed()
                && (job.sealed() || closesAt != null && !job.now().isBefore(closesAt));
    if (job.pageGone()) {
      return new Due(State.FAILED, "page_deleted", ANYWAY);
    }
    if (job.isWorking() && job.open() == 0 && job.underWay() == 0) {
      return new Due(State.COMPLETED, null, ANYWAY);
    }
    if (closed && job.state() != State.UPLOADING) {
      return new Due(State.EXPIRED, "window_closed", ANYWAY);
    }
    if (job.deadline() != null && !job.now().isBefore(job.deadline())) {
      return new Due(State.EXPIRED, "deadline_passed", "g.deadline <= ledger_now()");
    }
    if (!job.isWorking()) {
      return null;
    }
    return job.quotaCap() != null && job.spent() >= job.quotaCap()
        ? new Due(State.PAUSED, "quota_cap_reached", "g.units + g.units_uncertain >= g.quota_cap")
        : null;
  }

  private void prepare(Job job) {
    if (preparing.add(job.id())) {
      long by = fence;
      preparers
          .call(
              ticker.nanos() + LONGEST_PREPARATION.toNanos(),
              () -> {
                preparation.run(job, by);
                return job;
              })
          .onTermination()
          .invoke(() -> preparing.remove(job.id()))
          .subscribe()
          .with(done -> unprepared.recovered(), this::notPrepared);
    }
  }

  private void notPrepared(Throwable failure) {
    if (!Outage.is(failure) && !(failure instanceof Decisions.Lost)) {
      unprepared.failed(Outage.describe(failure));
    }
  }

  private Run run(Job job) {
    Run run = runs.get(job.id());
    if (run == null || run.isStopped()) {
      run = new Run(job, fence, kit);
      runs.put(job.id(), run);
    }
    return run;
  }

  private void stopAllBut(Set<MigrationId> working) {
    runs.forEach(
        (id, run) -> {
          if (!working.contains(id)) {
            run.stop();
          }
        });
    runs.keySet().retainAll(working);
  }

  /** Another pod owns them, or soon will. */
  private void resign() {
    stopAllBut(Set.of());
    teller.forget();
    meters.ownsNone();
    fence = MigrationAccount.NO_FENCE;
  }

  /** Another pod need not wait until the lease ends. */
  void drain(@Observes ShutdownDelayInitiatedEvent event) {
    giveUp();
  }

  void stop(@Observes ShutdownEvent event) {
    giveUp();
  }

  private synchronized void giveUp() {
    boolean owned = fence != MigrationAccount.NO_FENCE;
    ending = true;
    resign();
    if (owned) {
      try {
        transactions.run(
            connection -> {
              lease.giveUp(connection);
              return 0;
            });
      } catch (SQLException e) {
        LOG.debugf("Could not give up the migrations' lease (%s)", Outage.describe(e));
      }
    }
  }
}
