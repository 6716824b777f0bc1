package org.psidgateway.batch;

import java.util.Locale;
import java.util.function.Consumer;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.page.Tokens;
import org.psidgateway.trace.Trace;
import org.psidgateway.trace.Tracing;
import org.psidgateway.upstream.Upstream;

/** What all conversions of this pod share. Thread-safe. */
final class ConversionContext {
  final Ledger ledger;
  final Upstream upstream;
  final Tokens tokens;
  final CallPermits permits;
  final WorkerPool pool;
  final Settler settler;
  final ForeignCalls foreign;
  final BatchMeters meters;
  final SilentPages silentPages = new SilentPages();
  final ReserveLog reserveLog = new ReserveLog();
  private final Tracing tracing;
  private final RetryConfig retry;
  private final Consumer<PageQueue> wake;

  /**
   * @param wake called when ids of a queue may leave
   */
  ConversionContext(
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

  Retries retries() {
    return new Retries(retry, pool.ticker());
  }

  void wake(PageQueue queue) {
    wake.accept(queue);
  }

  /** The trace of a call, linked to those of the requests that wait for it. */
  Trace trace(Ledger.Request request, Selection ids) {
    return tracing.call(
        ids::requests,
        request.callId().toString(),
        request.page().value(),
        request.lane().name().toLowerCase(Locale.ROOT));
  }
}
