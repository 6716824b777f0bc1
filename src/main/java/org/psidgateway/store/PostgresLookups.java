package org.psidgateway.store;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.psidgateway.model.Findings;
import org.psidgateway.model.IdPositions;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.ops.Workers;
import org.psidgateway.time.Ticker;
import org.psidgateway.trace.Step;
import org.psidgateway.trace.Trace;

/** Look-ups on worker threads: the replica first, the database for what it did not find. */
@Singleton
class PostgresLookups implements Lookups {
  /** So short that a replica that hangs still leaves the database time to answer. */
  private static final Duration REPLICA_PATIENCE = Duration.ofMillis(150);

  /** As many as its pool has connections. */
  private static final int REPLICA_PLACES = 16;

  private final MappingStore store;
  private final Replica replica;
  private final Workers workers;
  private final Ticker ticker;
  private final Duration replicaPatience;

  /** Separate, so that a database that hangs does not keep look-ups from the replica. */
  private final Workers replicaWorkers = new Workers(REPLICA_PLACES);

  @Inject
  PostgresLookups(MappingStore store, Replica replica, Workers workers, Ticker ticker) {
    this(store, replica, workers, ticker, REPLICA_PATIENCE);
  }

  PostgresLookups(
      MappingStore store,
      Replica replica,
      Workers workers,
      Ticker ticker,
      Duration replicaPatience) {
    this.store = store;
    this.replica = replica;
    this.workers = workers;
    this.ticker = ticker;
    this.replicaPatience = replicaPatience;
  }

  @Override
  public Uni<Void> lookUp(
      PageId page, long[] asids, long until, Trace trace, Consumer<Known> into) {
    return askReplica(trace, asids.length, Findings.NONE, () -> replica.lookUp(page, asids))
        .invoke(found -> report(found, replica.isUpToDate(), into))
        .map(found -> rest(asids, found))
        .flatMap(
            rest ->
                rest.length == 0
                    ? Uni.createFrom().item(Findings.NONE)
                    : askStore(trace, rest.length, until, () -> store.lookUp(page, rest)))
        .invoke(found -> report(found, true, into))
        .replaceWithVoid();
  }

  private static long[] rest(long[] asids, Findings found) {
    if (found.size() == 0) {
      return asids;
    }
    IdPositions known = new IdPositions(found.asids());
    return Arrays.stream(asids).filter(asid -> !known.contains(asid)).toArray();
  }

  @Override
  public Uni<Optional<Mapping>> find(
      PageId page, long asid, long until, Trace trace, Consumer<Known> into) {
    return askReplica(trace, 1, Optional.<Mapping>empty(), () -> replica.find(page, asid))
        .invoke(found -> found.ifPresent(it -> report(it, replica.isUpToDate(), into)))
        .flatMap(
            found ->
                found.isPresent()
                    ? Uni.createFrom().item(found)
                    : askStore(trace, 1, until, () -> store.find(page, asid))
                        .invoke(row -> row.ifPresent(it -> report(it, true, into))));
  }

  @Override
  public Uni<long[]> knownPsids(PageId page, long[] candidates, long until, Trace trace) {
    return askStore(trace, candidates.length, until, () -> store.knownPsids(page, candidates));
  }

  @Override
  public Uni<List<Mapping>> findByPsid(PageId page, long psid, long until, Trace trace) {
    return askStore(trace, 1, until, () -> store.findByPsid(page, psid));
  }

  private static void report(Mapping found, boolean shareable, Consumer<Known> into) {
    report(Findings.of(found), shareable, into);
  }

  private static void report(Findings found, boolean shareable, Consumer<Known> into) {
    if (found.size() > 0) {
      into.accept(new Known(found, shareable));
    }
  }

  private <T> Uni<T> askReplica(Trace trace, int ids, T nothing, Callable<T> work) {
    if (!replica.isUsable()) {
      return Uni.createFrom().item(nothing);
    }
    long until = ticker.nanos() + replicaPatience.toNanos();
    return trace
        .step(Step.REPLICA, ids, () -> replicaWorkers.call(until, work))
        .onFailure()
        .invoke(replica::distrust)
        .onFailure()
        .recoverWithItem(nothing);
  }

  private <T> Uni<T> askStore(Trace trace, int ids, long until, Callable<T> work) {
    return trace.step(Step.STORE, ids, () -> workers.call(until, work));
  }
}
