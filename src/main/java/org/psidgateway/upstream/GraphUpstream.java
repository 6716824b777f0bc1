package org.psidgateway.upstream;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.util.TypeLiteral;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Tariff;
import org.psidgateway.time.Ticker;
import org.psidgateway.upstream.Exchange.Reply;

/**
 * The Graph API, asked by whatever {@link Protocol} is configured. Never tries again by itself: a
 * further try needs a reservation of its own, which is the caller's.
 */
final class GraphUpstream implements Upstream {
  private final Protocol protocol;
  private final UpstreamConfig config;
  private final Ticker ticker;
  private final GraphClient client;
  private final Breaker breaker;
  private final UpstreamMeters meters;
  private final Advice advice = new Advice();

  GraphUpstream(
      Protocol protocol,
      UpstreamConfig config,
      BreakerConfig breaker,
      Vertx vertx,
      MeterRegistry registry,
      Ticker ticker) {
    this(
        protocol,
        config,
        breaker,
        vertx,
        registry,
        ticker,
        TypedGuard.create(new TypeLiteral<>() {}));
  }

  /** As above, where no container provides the parts of a guard. */
  GraphUpstream(
      Protocol protocol,
      UpstreamConfig config,
      BreakerConfig breaker,
      Vertx vertx,
      MeterRegistry registry,
      Ticker ticker,
      TypedGuard.Builder<Uni<Outcome>> guard) {
    this.protocol = protocol;
    this.config = config;
    this.ticker = ticker;
    this.client = new GraphClient(vertx, config, protocol.path());
    this.breaker = new Breaker(breaker, config.timeout(), ticker, guard);
    this.meters = new UpstreamMeters(registry, this.breaker::level);
  }

  void stop() {
    client.close();
  }

  @Override
  public Tariff tariff() {
    return protocol.tariff();
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
      Question question, String token, long sendBefore, Supplier<Uni<Optional<String>>> objection) {
    long start = ticker.nanos();
    Uni<Outcome> call =
        (breaker.accepting()
                ? guarded(question, token).outcome(sendBefore, objection)
                : Uni.createFrom().item(GuardedCall.BREAKER_OPEN))
            .invoke(outcome -> record(question.page(), outcome, ticker.nanos() - start))
            .memoize()
            .indefinitely();
    // Sent here and now, however often the result is subscribed to: a second call would be paid for
    // again, and a subscriber that leaves must not leave the breaker without its probe's result.
    call.subscribe().with(outcome -> {});
    return call;
  }

  private GuardedCall guarded(Question question, String token) {
    return new GuardedCall(
        client.exchange(protocol.encode(question, token)),
        reply -> read(question, reply),
        breaker,
        meters,
        ticker);
  }

  private Outcome read(Question question, Reply reply) {
    Protocol.Reading reading = protocol.decode(question, reply);
    meters.used(reading.usage());
    return reading.outcome();
  }

  private void record(PageId page, Outcome outcome, long nanos) {
    meters.called(outcome, nanos);
    advice.heed(page, outcome);
  }
}
