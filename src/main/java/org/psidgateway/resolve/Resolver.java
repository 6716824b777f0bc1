package org.psidgateway.resolve;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.psidgateway.batch.Batcher;
import org.psidgateway.cache.MappingCache;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.ops.Workers;
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

  /** Short enough that a replica that hangs still leaves the store time to answer. */
  private static final Duration REPLICA_PATIENCE = Duration.ofMillis(150);

  /** As many as its pool has connections. */
  private static final int REPLICA_PLACES = 16;

  private final MappingCache cache;
  private final Replica replica;
  private final MappingStore store;
  private final Batcher batcher;
  private final Tracing tracing;
  private final ResolveMeters meters;
  private final Workers workers;

  /** Apart, so that a database that hangs does not keep anybody from the replica. */
  private final Workers replicaWorkers = new Workers(REPLICA_PLACES);

  Resolver(
      MappingCache cache,
      Replica replica,
      MappingStore store,
      Batcher batcher,
      Tracing tracing,
      ResolveMeters meters,
      Workers workers) {
    this.cache = cache;
    this.replica = replica;
    this.store = store;
    this.batcher = batcher;
    this.tracing = tracing;
    this.meters = meters;
    this.workers = workers;
  }

  /**
   * Answers every id of the query: every line of the sheet is then written, no later than half a
   * second after the query's deadline. Fails with {@link StoreUnreadable} alone: then nothing was
   * queued or spent.
   */
  public Uni<Answers> resolve(Query query) {
    return resolve(query, begin(query));
  }

  /**
   * A sheet with what L1 knows. Never blocks; where it {@link #isWhole}, {@link #end} is all there
   * is to do.
   */
  public Answers begin(Query query) {
    Answers answers = new Answers(query.asids());
    cache.fillLocal(query.page(), answers);
    return answers;
  }

  /** Whether the sheet answers the query as it is. */
  public boolean isWhole(Query query, Answers answers) {
    return answers.open() == 0 && !(query.idsMayBePsids() && Negatives.anyOn(answers));
  }

  /** Counts a sheet that is whole without the upstream. */
  public Answers end(Answers answers) {
    meters.lookedUp(answers);
    return meters.count(answers);
  }

  /** As {@link #resolve(Query)}, on a sheet that was begun for this query. */
  public Uni<Answers> resolve(Query query, Answers answers) {
    if (isWhole(query, answers)) {
      return Uni.createFrom().item(end(answers));
    }
    Trace trace = tracing.request();
    return fillFromCache(query, answers, trace)
        .flatMap(done -> fillFromReplica(query, answers, trace))
        .flatMap(done -> fillFromStore(query, answers, trace))
        .flatMap(done -> fillAsPsids(query, answers, trace))
        .flatMap(done -> finish(query, answers, trace));
  }

  private Uni<Void> fillFromCache(Query query, Answers answers, Trace trace) {
    return answers.open() == 0
        ? Uni.createFrom().voidItem()
        : trace.step(Step.CACHE, answers.open(), () -> cache.fillShared(query.page(), answers));
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
            () -> replicaWorkers.call(until, () -> replica.lookUp(query.page(), asids)))
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

  private Uni<Void> fillFromStore(Query query, Answers answers, Trace trace) {
    if (answers.open() == 0) {
      return Uni.createFrom().voidItem();
    }
    long[] asids = answers.openAsids();
    return trace
        .step(
            Step.STORE,
            asids.length,
            () -> workers.call(storeDeadline(query), () -> store.lookUp(query.page(), asids)))
        .invoke(
            findings -> {
              cache.keep(query.page(), findings);
              write(answers, findings);
            })
        .replaceWithVoid()
        .onFailure()
        .recoverWithUni(failure -> withoutStore(answers, failure));
  }

  private static long storeDeadline(Query query) {
    return query.deadline() + STORE_GRACE.toNanos();
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
  private static Uni<Void> withoutStore(Answers answers, Throwable failure) {
    if (answers.open() == answers.size()) {
      return Uni.createFrom().failure(new StoreUnreadable(failure));
    }
    answers.settleRest(Fate.STORE_UNAVAILABLE);
    return Uni.createFrom().voidItem();
  }

  /**
   * Where PostgreSQL can't tell, any of these ids may be a PSID: nothing is spent on them, and what
   * the caches know of them, that the upstream gave no PSID, is the answer.
   */
  private Uni<Void> fillAsPsids(Query query, Answers answers, Trace trace) {
    if (!query.idsMayBePsids()) {
      return Uni.createFrom().voidItem();
    }
    Negatives negatives = new Negatives(answers);
    if (answers.open() == 0) {
      return Uni.createFrom().voidItem();
    }
    long[] candidates = answers.openAsids();
    return trace
        .step(
            Step.STORE,
            candidates.length,
            () ->
                workers.call(
                    storeDeadline(query), () -> store.knownPsids(query.page(), candidates)))
        .invoke(
            psids -> {
              Index index = new Index(psids);
              for (int i = 0; i < answers.size(); i++) {
                if (answers.isOpen(i) && index.of(answers.asid(i)) >= 0) {
                  answers.know(i, answers.asid(i), Source.STORE);
                }
              }
            })
        .invoke(negatives::putBack) // not where nobody can tell whether they are PSIDs
        .replaceWithVoid()
        .onFailure()
        .recoverWithUni(failure -> withoutStore(answers, failure));
  }

  private Uni<Answers> finish(Query query, Answers answers, Trace trace) {
    if (query.knownOnly()) {
      answers.settleRest(Fate.NOT_KNOWN);
    }
    return answers.open() == 0
        ? Uni.createFrom().item(end(answers))
        : batcher
            .join(query.page(), query.lane(), answers, trace)
            .done(Duration.ofNanos(query.deadline() - System.nanoTime()))
            .map(done -> meters.count(answers));
  }

  /**
   * One id that {@link #findLocal} does not know, from the store; empty where nothing is known.
   * Never spends. Fails with {@link StoreUnreadable} where that can't be told by the deadline.
   */
  public Uni<Optional<Mapping>> find(PageId page, long asid, long deadline) {
    long start = System.nanoTime();
    Trace trace = tracing.request();
    return findInReplica(page, asid, trace)
        .flatMap(
            copy ->
                copy.isPresent()
                    ? Uni.createFrom().item(copy)
                    : findInStore(page, asid, deadline, trace))
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
        .step(Step.REPLICA, 1, () -> replicaWorkers.call(until, () -> replica.find(page, asid)))
        .invoke(found -> found.ifPresent(mapping -> keepFromReplica(page, findings(mapping))))
        .onFailure()
        .invoke(replica::distrust)
        .onFailure()
        .recoverWithItem(Optional.empty());
  }

  private Uni<Optional<Mapping>> findInStore(PageId page, long asid, long deadline, Trace trace) {
    return trace
        .step(Step.STORE, 1, () -> workers.call(deadline, () -> store.find(page, asid)))
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

  /**
   * The ids that map to {@code psid}, by ascending ASID, from the store. Fails with {@link
   * StoreUnreadable} where they can't be told by the deadline.
   */
  public Uni<List<Mapping>> findByPsid(PageId page, long psid, long deadline) {
    return tracing
        .request()
        .step(Step.STORE, 1, () -> workers.call(deadline, () -> store.findByPsid(page, psid)))
        .onFailure()
        .transform(StoreUnreadable::new);
  }
}
