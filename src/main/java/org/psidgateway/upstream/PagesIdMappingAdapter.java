package org.psidgateway.upstream;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;
import org.jboss.logging.Logger;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Tariff;
import org.psidgateway.time.Ticker;
import org.psidgateway.upstream.Exchange.Reply;
import org.psidgateway.upstream.Outcome.Refused;
import org.psidgateway.upstream.Outcome.Uncertain;
import org.psidgateway.upstream.Outcome.Unsent;
import org.psidgateway.upstream.UpstreamMetrics.Phase;

/**
 * {@code POST /pages_id_mapping}: up to 200 ids per call, and each PSID returned counts against the
 * lifetime quota. Never tries again by itself: a further try needs a reservation of its own, which
 * is the caller's.
 */
@ApplicationScoped
class PagesIdMappingAdapter implements Upstream {
  private static final Logger LOG = Logger.getLogger(PagesIdMappingAdapter.class);
  private static final int FIRST_SERVER_ERROR = 500;
  private static final Outcome BREAKER_OPEN = new Unsent(UpstreamMetrics.BREAKER_OPEN);
  private static final Outcome LATE = new Unsent(Unsent.LATE);

  private final UpstreamConfig config;
  private final InstantSource clock;
  private final Ticker ticker;
  private final GraphClient client;
  private final Breaker breaker;
  private final UpstreamMetrics metrics;
  private final Advice advice = new Advice();

  @Inject
  PagesIdMappingAdapter(
      UpstreamConfig config,
      BreakerConfig breaker,
      AppConfig app,
      Vertx vertx,
      MeterRegistry registry,
      InstantSource clock,
      Ticker ticker) {
    this(
        config,
        breaker,
        app,
        vertx,
        registry,
        clock,
        ticker,
        TypedGuard.create(new TypeLiteral<>() {}));
  }

  /** As above, where no container provides the parts of a guard. */
  PagesIdMappingAdapter(
      UpstreamConfig config,
      BreakerConfig breaker,
      AppConfig app,
      Vertx vertx,
      MeterRegistry registry,
      InstantSource clock,
      Ticker ticker,
      TypedGuard.Builder<Uni<Outcome>> guard) {
    this.config = config;
    this.clock = clock;
    this.ticker = ticker;
    this.client = new GraphClient(vertx, config, app);
    this.breaker = new Breaker(breaker, config.timeout(), ticker, guard);
    this.metrics = new UpstreamMetrics(registry, this.breaker::level);
  }

  /** Makes the bean at start, so that its meters are there. */
  void start(@Observes StartupEvent event) {
    LOG.debugf("upstream %s", config.kind());
  }

  @PreDestroy
  void stop() {
    client.close();
  }

  @Override
  public Tariff tariff() {
    return new Tariff(config.batchSize(), false, true, true);
  }

  @Override
  public int concurrency() {
    return config.concurrency();
  }

  @Override
  public Duration timeout() {
    return config.timeout();
  }

  @Override
  public boolean accepting() {
    return breaker.accepting();
  }

  @Override
  public Uni<Outcome> ask(
      PageId page,
      String token,
      long[] asids,
      long sendBefore,
      Supplier<Uni<Optional<String>>> objection) {
    long start = ticker.nanos();
    Uni<Outcome> call =
        (breaker.accepting()
                ? connectAndSend(page, client.exchange(token, asids), asids, sendBefore, objection)
                : Uni.createFrom().item(BREAKER_OPEN))
            .invoke(outcome -> record(page, outcome, ticker.nanos() - start))
            .memoize()
            .indefinitely();
    // Sent here and now, however often the result is subscribed to: a second call would be paid for
    // again, and a subscriber that leaves must not leave the breaker without its probe's result.
    call.subscribe().with(outcome -> {});
    return call;
  }

  /**
   * Connects before the breaker is asked, since a connection that came late says nothing of the
   * upstream: as a failure it would open the breaker, and as a probe's success it would close it.
   * One that failed is a failed call.
   */
  private Uni<Outcome> connectAndSend(
      PageId page,
      Exchange exchange,
      long[] asids,
      long sendBefore,
      Supplier<Uni<Optional<String>>> objection) {
    return exchange
        .connect()
        .onItemOrFailure()
        .transformToUni(
            (connected, failure) -> {
              if (failure != null) {
                return guarded(() -> Uni.createFrom().failure(failure), exchange);
              }
              if (ticker.nanos() - sendBefore > 0) {
                exchange.abandon();
                return Uni.createFrom().item(LATE);
              }
              return objection
                  .get()
                  .flatMap(
                      reason ->
                          reason.isPresent()
                              ? objected(exchange, reason.get())
                              : guarded(() -> send(page, exchange, asids, sendBefore), exchange));
            });
  }

  private static Uni<Outcome> objected(Exchange exchange, String reason) {
    exchange.abandon();
    return Uni.createFrom().item(new Unsent(reason));
  }

  private Uni<Outcome> guarded(Supplier<Uni<Outcome>> call, Exchange exchange) {
    return breaker.guard(call).onFailure().recoverWithItem(e -> failed(e, exchange));
  }

  /** Looks at the time once more, as late as can be: the process may have been frozen meanwhile. */
  private Uni<Outcome> send(PageId page, Exchange exchange, long[] asids, long sendBefore) {
    if (ticker.nanos() - sendBefore > 0) {
      exchange.abandon();
      return Uni.createFrom().item(LATE);
    }
    return exchange.send().map(reply -> judge(page, reply, asids));
  }

  private Outcome judge(PageId page, Reply reply, long[] asids) {
    UsageHeaders usage = UsageHeaders.of(reply.headers(), page, clock);
    metrics.used(usage);
    Outcome outcome = AnswerParser.parse(reply.status(), reply.body(), asids, usage);
    boolean failure =
        outcome.fold(
            answered -> false,
            refused -> refused.error().isTransient() && reply.status() >= FIRST_SERVER_ERROR,
            unsent -> true,
            uncertain -> true);
    if (failure) {
      throw new CallFailed(outcome);
    }
    return outcome;
  }

  private Outcome failed(Throwable failure, Exchange exchange) {
    if (failure instanceof CallFailed call) {
      if (call.outcome() == Exchange.CONNECT_TIMEOUT) {
        metrics.timedOut(Phase.CONNECT);
      }
      return call.outcome();
    }
    if (failure instanceof CircuitBreakerOpenException) {
      exchange.abandon();
      return BREAKER_OPEN;
    }
    String detail = "timeout";
    if (failure instanceof TimeoutException) {
      metrics.timedOut(Phase.CALL);
    } else {
      detail = "unexpected";
      LOG.errorf(
          "Upstream call failed unexpectedly: %s",
          failure.getClass().getName()); // its text may contain ids
    }
    return exchange.abandon() ? new Unsent(detail) : new Uncertain(detail);
  }

  private void record(PageId page, Outcome outcome, long nanos) {
    metrics.called(outcome, nanos);
    advice.heed(page, outcome);
    if (outcome == BREAKER_OPEN) {
      return;
    }
    String detail =
        outcome.fold(answered -> "", Refused::detail, Unsent::detail, Uncertain::detail);
    boolean late = outcome instanceof Unsent unsent && unsent.isLate(); // the ledger logs those
    if (!detail.isEmpty() && !late) {
      LOG.infof("Upstream call %s: %s", outcome.getClass().getSimpleName(), detail);
    }
  }
}
