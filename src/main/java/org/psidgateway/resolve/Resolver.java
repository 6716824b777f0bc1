package org.psidgateway.resolve;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.psidgateway.batch.Batcher;
import org.psidgateway.cache.MappingCache;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.model.Tariff;
import org.psidgateway.store.Lookups;
import org.psidgateway.time.Ticker;
import org.psidgateway.trace.Step;
import org.psidgateway.trace.Trace;
import org.psidgateway.trace.Tracing;

/**
 * How a request travels: L1 answers what it knows, L2 the rest in one round trip, then the store in
 * one query. Unknown ids join the Page's open batch, and are waited for as long as the caller has
 * patience; in an archive there is nothing to wait for. A list that L1 knows whole never leaves the
 * caller's thread, and no wait holds a thread. Thread-safe.
 */
@Singleton
public class Resolver {
  /**
   * On top of a caller's patience, for a store that hangs: the answer leaves within half a second.
   */
  public static final Duration STORE_GRACE = Duration.ofMillis(350);

  private final MappingCache cache;
  private final Lookups store;
  private final Conversions conversions;
  private final Supplier<Trace> request;
  private final ResolveMeters meters;
  private final Tariff tariff;
  private final Ticker ticker;

  @Inject
  Resolver(
      MappingCache cache,
      Lookups store,
      Batcher batcher,
      Tracing tracing,
      ResolveMeters meters,
      Tariff tariff,
      Ticker ticker) {
    this(cache, store, Conversions.by(batcher), tracing::request, meters, tariff, ticker);
  }

  Resolver(
      MappingCache cache,
      Lookups store,
      Conversions conversions,
      Supplier<Trace> request,
      ResolveMeters meters,
      Tariff tariff,
      Ticker ticker) {
    this.cache = cache;
    this.store = store;
    this.conversions = conversions;
    this.request = request;
    this.meters = meters;
    this.tariff = tariff;
    this.ticker = ticker;
  }

  /**
   * Answers every id of the query: every line of the sheet is then written, no later than half a
   * second after the query's deadline. Fails with {@link StoreUnreadable} alone: then nothing was
   * queued or spent. L1 is asked at once, everything else when subscribed to; never blocks.
   */
  public Uni<Answers> resolve(ResolveQuery query) {
    long begun = ticker.nanos();
    Trace trace = request.get();
    Answers answers = new Answers(query.asids());
    trace.note("page_id", query.page().value());
    trace.note("ids", answers.size());
    cache.fillLocal(query.page(), answers);
    trace.note("known from L1", answers.size() - answers.open());
    if (answers.open() == 0 && !(query.idsMayBePsids() && Negatives.anyOn(answers))) {
      return Uni.createFrom().item(known(answers, begun));
    }
    return fillFromCache(query, answers, trace)
        .flatMap(done -> fillFromStore(query, answers, trace))
        .flatMap(done -> fillAsPsids(query, answers, trace))
        .flatMap(done -> convert(query, answers, begun, trace));
  }

  private Uni<Void> fillFromCache(ResolveQuery query, Answers answers, Trace trace) {
    int open = answers.open();
    return open == 0
        ? Uni.createFrom().voidItem()
        : trace
            .step(Step.CACHE, open, () -> cache.fillShared(query.page(), answers))
            .invoke(done -> trace.note("known from L2", open - answers.open()));
  }

  private Uni<Void> fillFromStore(ResolveQuery query, Answers answers, Trace trace) {
    int open = answers.open();
    if (open == 0) {
      return Uni.createFrom().voidItem();
    }
    return store
        .lookUp(
            query.page(),
            answers.openAsids(),
            storeDeadline(query),
            trace,
            known -> {
              keep(query.page(), known);
              answers.answer(known.findings(), Source.STORE);
            })
        .invoke(done -> trace.note("known from the store", open - answers.open()))
        .onFailure()
        .recoverWithUni(failure -> withoutStore(answers, failure));
  }

  private static long storeDeadline(ResolveQuery query) {
    return query.deadline() + STORE_GRACE.toNanos();
  }

  private void keep(PageId page, Lookups.Known known) {
    if (known.shareable()) {
      cache.keep(page, known.findings());
    } else {
      cache.keepForOneself(page, known.findings());
    }
  }

  /** What is known already is answered all the same; if nothing is, the request fails. */
  private static Uni<Void> withoutStore(Answers answers, Throwable failure) {
    if (answers.open() == answers.size()) {
      return Uni.createFrom().failure(new StoreUnreadable(failure));
    }
    answers.closeRest(Fate.STORE_UNAVAILABLE);
    return Uni.createFrom().voidItem();
  }

  /**
   * An id that is a PSID of this Page answers itself. If the store can't say which are, any of them
   * may be: nothing is spent on them, and a negative of theirs is no answer.
   */
  private Uni<Void> fillAsPsids(ResolveQuery query, Answers answers, Trace trace) {
    if (!query.idsMayBePsids()) {
      return Uni.createFrom().voidItem();
    }
    Negatives negatives = new Negatives(answers);
    if (answers.open() == 0) {
      return Uni.createFrom().voidItem();
    }
    return store
        .knownPsids(query.page(), answers.openAsids(), storeDeadline(query), trace)
        .invoke(psids -> answers.answer(themselves(psids), Source.STORE))
        .invoke(negatives::putBack)
        .replaceWithVoid()
        .onFailure()
        .recoverWithUni(failure -> withoutStore(answers, failure));
  }

  private static Findings themselves(long[] psids) {
    return new Findings(psids, psids, new long[psids.length]);
  }

  private Uni<Answers> convert(ResolveQuery query, Answers answers, long begun, Trace trace) {
    if (query.knownOnly()) {
      answers.closeRest(Fate.NOT_KNOWN);
    } else if (tariff.isSealed()) {
      answers.closeRest(Fate.WINDOW_CLOSED);
    }
    if (answers.open() == 0) {
      return Uni.createFrom().item(known(answers, begun));
    }
    Duration patience = Duration.ofNanos(query.deadline() - ticker.nanos());
    return conversions
        .await(query, answers, patience, trace)
        .invoke(done -> trace.note("pending", trace.isRecorded() ? pending(answers) : 0))
        .map(done -> meters.count(answers));
  }

  private static long pending(Answers answers) {
    return IntStream.range(0, answers.size())
        .mapToObj(answers::fate)
        .filter(fate -> fate != null && fate.status() == Fate.Status.PENDING)
        .count();
  }

  /** Counts a sheet that needed no conversion. */
  private Answers known(Answers answers, long begun) {
    meters.lookedUpList(ticker.nanos() - begun);
    return meters.count(answers);
  }

  /**
   * One id, from L1 or else the store; empty if nothing is known. Never spends, never blocks. Fails
   * with {@link StoreUnreadable} if the store does not answer by the deadline.
   *
   * @param deadline by {@link Ticker#nanos()}
   */
  public Uni<Optional<Mapping>> find(PageId page, long asid, long deadline) {
    long begun = ticker.nanos();
    Trace trace = request.get();
    Optional<Mapping> local = cache.find(page, asid);
    trace.note("known from L1", local.isPresent() ? 1 : 0);
    if (local.isPresent()) {
      meters.lookedUpOne(ticker.nanos() - begun);
      return Uni.createFrom().item(local);
    }
    return store
        .find(page, asid, deadline, trace, known -> keep(page, known))
        .invoke(found -> trace.note("known from the store", found.isPresent() ? 1 : 0))
        .invoke(found -> meters.lookedUpOne(ticker.nanos() - begun))
        .onFailure()
        .transform(StoreUnreadable::new);
  }

  /**
   * The ids that map to {@code psid}, by ascending ASID, from the store. Fails with {@link
   * StoreUnreadable} if it does not answer by the deadline.
   *
   * @param deadline by {@link Ticker#nanos()}
   */
  public Uni<List<Mapping>> findByPsid(PageId page, long psid, long deadline) {
    return store
        .findByPsid(page, psid, deadline, request.get())
        .onFailure()
        .transform(StoreUnreadable::new);
  }
}
