package org.psidgateway.api.migration;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.psidgateway.db.Outage;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.migration.Migrations;
import org.psidgateway.migration.Migrations.Mark;
import org.psidgateway.time.Ticker;

/**
 * Waits for changes of migrations: one question a second to PostgreSQL, however many wait, and no
 * thread held. Thread-safe.
 */
@Singleton
class Watch {
  private static final Logger LOG = Logger.getLogger(Watch.class);

  private final Migrations migrations;
  private final Ticker ticker;
  private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  Watch(Migrations migrations, Ticker ticker) {
    this.migrations = migrations;
    this.ticker = ticker;
  }

  private static final class Watcher {
    final MigrationId id;
    final long revision;
    final long progress;
    final CompletableFuture<Boolean> answer = new CompletableFuture<>();

    Watcher(MigrationId id, long revision, long progress) {
      this.id = id;
      this.revision = revision;
      this.progress = progress;
    }
  }

  /**
   * True as soon as the migration is otherwise than this, or gone; false after {@code most}, or
   * when the pod drains. Nothing is left of it if the subscriber cancels.
   */
  Uni<Boolean> changed(MigrationId id, long revision, long progress, Duration most) {
    return Uni.createFrom()
        .deferred(
            () -> {
              Watcher watcher = new Watcher(id, revision, progress);
              watchers.add(watcher);
              if (draining) {
                watcher.answer.complete(false);
              }
              Cancellable timer =
                  ticker.after(most).subscribe().with(over -> watcher.answer.complete(false));
              return Uni.createFrom()
                  .completionStage(watcher.answer)
                  .onTermination()
                  .invoke(
                      () -> {
                        watchers.remove(watcher);
                        timer.cancel();
                      });
            })
        .emitOn(Infrastructure.getDefaultExecutor()); // the thread of timers is everybody's
  }

  /** Whether this pod is about to end: others are to be asked from now on. */
  boolean isDraining() {
    return draining;
  }

  /** How many wait. */
  int watching() {
    return watchers.size();
  }

  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  void look() {
    List<Watcher> waiting = List.copyOf(watchers);
    if (waiting.isEmpty()) {
      return;
    }
    try {
      Set<MigrationId> ids = waiting.stream().map(one -> one.id).collect(Collectors.toSet());
      Map<MigrationId, Mark> marks = migrations.marks(ids);
      for (Watcher watcher : waiting) {
        Mark now = marks.get(watcher.id);
        if (now == null
            || now.revision() != watcher.revision
            || now.progress() != watcher.progress) {
          watcher.answer.complete(true);
        }
      }
    } catch (SQLException e) {
      LOG.debugf("Watched migrations are looked at again in a second (%s)", Outage.describe(e));
    }
  }

  void drain(@Observes ShutdownDelayInitiatedEvent event) {
    end();
  }

  void stop(@Observes ShutdownEvent event) {
    end();
  }

  private void end() {
    draining = true;
    watchers.forEach(watcher -> watcher.answer.complete(false));
  }
}
