package org.psidgateway.batch;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.model.Lane;
import org.psidgateway.page.Tokens;
import org.psidgateway.trace.Tracing;
import org.psidgateway.upstream.Upstream;

/** What all conversions of this pod share, and where they come from. Thread-safe. */
final class Converter {
  final Ledger ledger;
  final Upstream upstream;
  final Tokens tokens;
  final CallPermits permits;
  final WorkerPool pool;
  final Settler settler;
  final ForeignCalls foreign;
  final BatchMeters meters;
  final ReserveLog reserveLog = new ReserveLog();
  private final Tracing tracing;
  private final RetryConfig retry;
  private final Consumer<PageQueue> wake;

  /**
   * @param wake called when ids of a queue may leave
   */
  Converter(
      Ledger ledger,
      Upstream upstream,
      Tokens tokens,
      CallPermits permits,
      WorkerPool pool,
      BatchMeters meters,
      Tracing tracing,
      RetryConfig retry,
      Consumer<PageQueue> wake) {
    this.ledger = ledger;
    this.upstream = upstream;
    this.tokens = tokens;
    this.permits = permits;
    this.pool = pool;
    this.meters = meters;
    this.tracing = tracing;
    this.retry = retry;
    this.wake = wake;
    this.settler =
        new Settler(
            ledger, pool, upstream.concurrency(), Settler.REFUSED_PAUSE, meters.unsettled());
    this.foreign = new ForeignCalls(ledger, pool, wake);
  }

  /** Of whatever waits in this lane. */
  Conversion ofLane(PageQueue queue, Lane lane) {
    return new Conversion(this, Selection.ofLane(queue, lane), Isolation.none());
  }

  /** Of an id that needs a call of its own. */
  Conversion ofSuspect(PageQueue queue, Lane lane, PendingId id) {
    Selection alone = Selection.of(queue, lane, List.of(id));
    return new Conversion(this, alone, Isolation.ofSuspect());
  }

  /** Of part of what another conversion asked. */
  Conversion ofPart(Selection part, Isolation isolation) {
    return new Conversion(this, part, isolation);
  }

  Retries retries() {
    return new Retries(retry, pool.ticker());
  }

  void wake(PageQueue queue) {
    wake.accept(queue);
  }

  /** A turn of a conversion: from here on it is traced, for the requests that wait for it. */
  Attempt attempt(
      CallPermits.Permit permit,
      Selection ids,
      long[] candidates,
      Isolation isolation,
      boolean retry) {
    Ledger.Request request =
        new Ledger.Request(
            UUID.randomUUID(),
            ids.queue.page,
            ids.lane,
            candidates,
            upstream.tariff(),
            isolation.isActive(),
            retry,
            upstream.timeout());
    return new Attempt(
        permit,
        request,
        tracing.call(
            ids::requests,
            request.callId().toString(),
            ids.queue.page.value(),
            ids.lane.name().toLowerCase(Locale.ROOT)));
  }
}
