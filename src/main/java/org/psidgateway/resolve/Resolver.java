package org.psidgateway.resolve;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.psidgateway.batch.Batcher;
import org.psidgateway.cache.MappingCache;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.store.MappingStore;
import org.psidgateway.store.Replica;
import org.psidgateway.trace.Step;
import org.psidgateway.trace.Trace;
import org.psidgateway.trace.Tracing;

/**
 * The way of a request: what is known is answered by L1, by L2 in one round trip, by a replica of
 * PostgreSQL where there is one, by PostgreSQL in one query; what is not joins the Page's open
 * batch and is waited for as long as the caller has patience. A list that L1 knows whole never
 * leaves the caller's thread, and no thread waits with anybody. Thread-safe.
 */
@ApplicationScoped
public class Resolver {
  /**
   * On top of a caller's patience, for a store that hangs: the answer leaves within half a second.
   */
  private static final Duration STORE_GRACE = Duration.ofMillis(350);

  /** Of which a replica that hangs leaves the store enough, the first time. */
  private static final Duration REPLICA_PATIENCE = Duration.ofMillis(150);

  /** For single look-ups, which name no patience of their own. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final MappingCache cache;
  private final Replica replica;
  private final MappingStore store;
  private final Batcher batcher;
  private final Tracing tracing;
  private final ResolveMeters meters;

  Resolver(
      MappingCache cache,
      Replica replica,
      MappingStore store,
      Batcher batcher,
      Tracing tracing,
      ResolveMeters meters) {
    this.cache = cache;
    this.replica = replica;
    this.store = store;
    this.batcher = batcher;
    this.tracing = tracing;
    this.meters = meters;
  }

  /**
   * Answers every id of the query: every line of the sheet is then written, no later than half a
   * second after the query's patience ends. Fails with {@link StoreUnreadable} alone: then nothing
   * was queued or spent.
   */
  public Uni<Answers> resolve(Query query) {
    return resolve(query, begin(query));
  }

  /**
   * A sheet with what L1 knows. Never blocks; where it is whole, {@link #end} is all there is to
   * do.
   */
  public Answers begin(Query query) {
    Answers answers = new Answers(query.asids());
    cache.fillLocal(query.page(), answers);
    return answers;
  }

  /** Counts a sheet that is whole without the upstream. */
  public Answers end(Answers answers) {
    meters.lookedUp(answers);
    return meters.count(answers);
  }

  /** As {@link #resolve(Query)}, on a sheet that was begun for this query. */
  public Uni<Answers> resolve(Query query, Answers answers) {
    if (answers.open() == 0) {
      return Uni.createFrom().item(end(answers));
    }
    long deadline = System.nanoTime() + query.patience().toNanos();
    Trace trace = tracing.request();
    return trace
        .step(Step.CACHE, answers.open(), () -> cache.fillShared(query.page(), answers))
        .flatMap(done -> fillFromReplica(query, answers, trace))
        .flatMap(done -> fillFromStore(query, answers, deadline, trace))
        .flatMap(done -> fillAsPsids(query, answers, deadline, trace))
        .flatMap(done -> finish(query, answers, deadline, trace));
  }

  private Uni<Void> fillFromReplica(Query query, Answers answers, Trace trace) {
    if (answers.open() == 0 || !replica.isUsable()) {
      return Uni.createFrom().voidItem();
    }
    long until = System.nanoTime() + REPLICA_PATIENCE.toNanos();
    long[] asids = answers.openAsids();
    return trace
        .step(
            Step.REPLICA,
            asids.length,
            () -> reading(until, () -> replica.lookUp(query.page(), asids)))
        .onFailure()
        .invoke(replica::distrust)
        .onFailure()
        .recoverWithItem(Findings.NONE)
        .invoke(
            findings -> {
              keepFromReplica(query.page(), findings);
              write(answers, findings);
            })
        .replaceWithVoid();
  }

  private Uni<Void> fillFromStore(Query query, Answers answers, long deadline, Trace trace) {
    if (answers.open() == 0) {
      return Uni.createFrom().voidItem();
    }
    long[] asids = answers.openAsids();
    return trace
        .step(
            Step.STORE,
            asids.length,
            () ->
                reading(deadline + STORE_GRACE.toNanos(), () -> store.lookUp(query.page(), asids)))
        .invoke(
            findings -> {
              cache.keep(query.page(), findings);
              write(answers, findings);
            })
        .onFailure()
        .recoverWithItem(failure -> withoutStore(answers, failure))
        .replaceWithVoid();
  }

  private void keepFromReplica(PageId page, Findings findings) {
    if (replica.isUpToDate()) {
      cache.keep(page, findings);
    } else {
      cache.keepForOneself(page, findings);
    }
  }

  private static void write(Answers answers, Findings findings) {
    if (findings.size() > 0) {
      Index index = new Index(findings.asids());
      for (int i = 0; i < answers.size(); i++) {
        int found = answers.isOpen(i) ? index.of(answers.asid(i)) : -1;
        if (found >= 0) {
          answers.know(i, findings.verdicts()[found], Source.STORE);
        }
      }
    }
  }

  /** What the caches knew is answered all the same; where they knew nothing, the request fails. */
  private static Findings withoutStore(Answers answers, Throwable failure) {
    if (answers.open() == answers.size()) {
      throw new StoreUnreadable(failure);
    }
    answers.settleRest(Fate.STORE_UNAVAILABLE);
    return Findings.NONE;
  }

  private Uni<Void> fillAsPsids(Query query, Answers answers, long deadline, Trace trace) {
    if (!query.idsMayBePsids() || answers.open() == 0) {
      return Uni.createFrom().voidItem();
    }
    long[] candidates = answers.openAsids();
    return trace
        .step(
            Step.STORE,
            candidates.length,
            () ->
                reading(
                    deadline + STORE_GRACE.toNanos(),
                    () -> store.knownPsids(query.page(), candidates)))
        .onFailure()
        .recoverWithItem(
            () -> {
              answers.settleRest(
                  Fate.STORE_UNAVAILABLE); // it may be a PSID: nothing is spent on it
              return new long[0];
            })
        .invoke(
            psids -> {
              Index index = new Index(psids);
              for (int i = 0; i < answers.size(); i++) {
                if (answers.isOpen(i) && index.of(answers.asid(i)) >= 0) {
                  answers.know(i, answers.asid(i), Source.STORE);
                }
              }
            })
        .replaceWithVoid();
  }

  private Uni<Answers> finish(Query query, Answers answers, long deadline, Trace trace) {
    if (query.knownOnly()) {
      answers.settleRest(Fate.NOT_KNOWN);
    }
    return answers.open() == 0
        ? Uni.createFrom().item(end(answers))
        : batcher
            .join(query.page(), query.lane(), answers, trace)
            .done(Duration.ofNanos(deadline - System.nanoTime()))
            .map(done -> meters.count(answers));
  }

  /**
   * One id, from L1 or the store; empty where nothing is known. Never spends. Fails with {@link
   * StoreUnreadable} where neither can tell.
   */
  public Uni<Optional<Mapping>> find(PageId page, long asid) {
    long start = System.nanoTime();
    Optional<Mapping> local = findLocal(page, asid);
    if (local.isPresent()) {
      return Uni.createFrom().item(local);
    }
    Trace trace = tracing.request();
    return findInReplica(page, asid, trace)
        .flatMap(
            copy -> copy.isPresent() ? Uni.createFrom().item(copy) : findInStore(page, asid, trace))
        .invoke(found -> meters.lookedUp(start))
        .onFailure()
        .transform(StoreUnreadable::new);
  }

  private Uni<Optional<Mapping>> findInReplica(PageId page, long asid, Trace trace) {
    if (!replica.isUsable()) {
      return Uni.createFrom().item(Optional.empty());
    }
    long until = System.nanoTime() + REPLICA_PATIENCE.toNanos();
    return trace
        .step(Step.REPLICA, 1, () -> reading(until, () -> replica.find(page, asid)))
        .invoke(found -> found.ifPresent(mapping -> keepFromReplica(page, findings(mapping))))
        .onFailure()
        .invoke(replica::distrust)
        .onFailure()
        .recoverWithItem(Optional.empty());
  }

  private Uni<Optional<Mapping>> findInStore(PageId page, long asid, Trace trace) {
    return trace
        .step(Step.STORE, 1, () -> looking(() -> store.find(page, asid)))
        .invoke(found -> found.ifPresent(mapping -> cache.keep(page, findings(mapping))));
  }

  /** One id from L1 alone. Never blocks. */
  public Optional<Mapping> findLocal(PageId page, long asid) {
    long start = System.nanoTime();
    Optional<Mapping> found = cache.find(page, asid);
    if (found.isPresent()) {
      meters.lookedUp(start);
    }
    return found;
  }

  private static Findings findings(Mapping mapping) {
    return new Findings(
        new long[] {mapping.asid()},
        new long[] {mapping.verdict()},
        new long[] {mapping.checkedAt().getEpochSecond()});
  }

  /** The ids that map to {@code psid}, by ascending ASID, from the store. */
  public Uni<List<Mapping>> findByPsid(PageId page, long psid) {
    return tracing
        .request()
        .step(Step.STORE, 1, () -> looking(() -> store.findByPsid(page, psid)))
        .onFailure()
        .transform(StoreUnreadable::new);
  }

  private interface Reading<T> {
    T read() throws SQLException;
  }

  private static <T> Uni<T> looking(Reading<T> reading) {
    return reading(System.nanoTime() + LOOK.toNanos(), reading);
  }

  /** Reads on a worker thread, and fails once the time is up. */
  private static <T> Uni<T> reading(long until, Reading<T> reading) {
    CompletableFuture<T> read = new CompletableFuture<>();
    try {
      Infrastructure.getDefaultExecutor().execute(() -> read(reading, read));
    } catch (RejectedExecutionException e) { // the process is about to end
      read.completeExceptionally(e);
    }
    long nanos = until - System.nanoTime();
    return Uni.createFrom().completionStage(read.orTimeout(nanos, TimeUnit.NANOSECONDS));
  }

  private static <T> void read(Reading<T> reading, CompletableFuture<T> read) {
    if (read.isDone()) {
      return; // nobody waits any more: the store has better things to do
    }
    try {
      read.complete(reading.read());
    } catch (SQLException | RuntimeException e) {
      read.completeExceptionally(e);
    }
  }
}
