package org.psidgateway.upstream;

import static org.psidgateway.upstream.ScriptedServer.answer;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.psidgateway.model.PageId;
import org.psidgateway.testing.PlainGuards;
import org.psidgateway.time.Ticker;
import org.psidgateway.upstream.ScriptedServer.Act;

/** The real thing before a scripted server. */
abstract class UpstreamHarness {
  static final String MAPPED = "{\"20\":{\"id\":\"7\"}}";
  static final Act ANSWER = answer(200, MAPPED);
  static final Duration SHORT = Duration.ofMillis(300);
  static PlainGuards guard;
  static Vertx vertx;

  final Ticker ticker = Ticker.system();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  ScriptedServer server;
  Optional<String> objection = Optional.empty();
  GraphUpstream upstream;

  @BeforeAll
  static void startParts() {
    vertx = Vertx.vertx();
    guard = new PlainGuards();
  }

  @AfterAll
  static void stopParts() throws InterruptedException {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    guard.close();
  }

  @BeforeEach
  void startServer() {
    server = new ScriptedServer(vertx);
    upstream = upstream(Settings.Upstream.at(server.url()), Settings.Breaker.NEVER);
  }

  @AfterEach
  void stopServer() {
    upstream.stop();
    server.close();
  }

  void moveTo(ScriptedServer other) {
    stopServer();
    server = other;
    upstream = upstream(Settings.Upstream.at(server.url()), Settings.Breaker.NEVER);
  }

  GraphUpstream upstream(UpstreamConfig config, BreakerConfig breaker) {
    return upstream(config, breaker, Settings.App.BARE);
  }

  GraphUpstream upstream(UpstreamConfig config, BreakerConfig breaker, AppConfig app) {
    return upstream(new PagesIdMapping(config, app, InstantSource.system()), config, breaker);
  }

  GraphUpstream upstream(Protocol protocol, UpstreamConfig config, BreakerConfig breaker) {
    meters.clear();
    return new GraphUpstream(protocol, config, breaker, vertx, meters, ticker, guard.builder());
  }

  Uni<Outcome> call(long... asids) {
    return call(Duration.ofSeconds(20), asids);
  }

  Uni<Outcome> call(Duration sendWithin, long... asids) {
    return upstream.ask(
        Question.of(new PageId(100), asids),
        "ACCESS_TOKEN",
        ticker.nanos() + sendWithin.toNanos(),
        () -> Uni.createFrom().item(objection));
  }

  Outcome ask(long... asids) {
    return call(asids).await().atMost(Duration.ofSeconds(20));
  }

  double calls(String outcome) {
    return meters.get("gateway.upstream.calls").tag("outcome", outcome).counter().count();
  }

  double timeouts(String phase) {
    return meters.get("gateway.upstream.timeouts").tag("phase", phase).counter().count();
  }

  double level() {
    return meters.get("gateway.upstream.breaker.state").gauge().value();
  }
}
