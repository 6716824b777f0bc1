package org.psidgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.psidgateway.upstream.ScriptedServer.CUT;

import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.upstream.Outcome.Answered;
import org.psidgateway.upstream.Outcome.Uncertain;
import org.psidgateway.upstream.Outcome.Unsent;

/** A call leaves before its time is over, or not at all. */
class SendDeadlineTest extends UpstreamHarness {
  private static final Outcome LATE = new Unsent("late");
  private static final Duration OVER = Duration.ofMillis(-1);
  private static TestKey key;

  @BeforeAll
  static void trust() throws Exception {
    key = TestKey.trustedByThisJvm();
  }

  @AfterAll
  static void distrust() {
    key.close();
  }

  @Test
  void ask_isUnsentAndTheNextGoesOutOverTheSameConnection_whenTheHandshakeIsSlow() {
    moveTo(ScriptedServer.secure(vertx, key.options()));
    try (FaultyProxy link = new FaultyProxy(server.port())) {
      upstream.stop();
      upstream =
          upstream(
              Settings.Upstream.at(URI.create("https://127.0.0.1:" + link.port())),
              Settings.Breaker.NEVER);
      server.otherwise(ANSWER);
      link.swallow();
      long deadline = System.nanoTime() + SHORT.toNanos();
      Uni<Outcome> first = call(SHORT, 20);
      await().until(() -> System.nanoTime() - deadline > 0);
      assertThat(server.connections).hasValue(0);
      link.heal();
      assertThat(first.await().atMost(Duration.ofSeconds(10))).isEqualTo(LATE);
      assertThat(server.requests).isEmpty();

      assertThat(ask(20)).isInstanceOf(Answered.class);
      assertThat(server.connections).hasValue(1);
      assertThat(server.closed).hasValue(0);
      assertThat(server.requests).hasSize(1);
      assertThat(calls("late")).isEqualTo(1);
    }
  }

  @Test
  void ask_isUnsentAndTheConnectionIsKept_whenTheTimeIsOverAlready() {
    server.otherwise(ANSWER);
    for (int i = 0; i < 3; i++) {
      assertThat(late()).isEqualTo(LATE);
    }
    assertThat(server.requests).isEmpty();
    assertThat(ask(20)).isInstanceOf(Answered.class);
    assertThat(late()).isEqualTo(LATE);
    assertThat(ask(20)).isInstanceOf(Answered.class);
    assertThat(server.connections).hasValue(1);
    assertThat(server.requests).hasSize(2);
    assertThat(meters.get("gateway.upstream.duration").timer().count()).isEqualTo(2);
  }

  @Test
  void ask_sendsNothing_whenSomethingSpeaksAgainstIt_onceTheConnectionStands() {
    server.otherwise(ANSWER);
    assertThat(ask(20)).isInstanceOf(Answered.class);
    objection = Optional.of("cooling_down");

    assertThat(ask(20)).isEqualTo(new Unsent("cooling_down"));

    assertThat(server.requests).hasSize(1);
    assertThat(level()).isZero();
    objection = Optional.empty();
    assertThat(ask(20)).isInstanceOf(Answered.class);
    assertThat(server.connections).hasValue(1);
  }

  @Test
  void late_neverOpensTheBreaker() {
    upstream.stop();
    upstream =
        upstream(
            Settings.Upstream.at(server.url()), new Settings.Breaker(1, 1, Duration.ofMinutes(1)));
    assertThat(late()).isEqualTo(LATE);
    assertThat(upstream.accepting()).isTrue();
    assertThat(level()).isZero();
  }

  @Test
  void late_isNoProbe_whenTheBreakerIsHalfOpen() {
    upstream.stop();
    upstream =
        upstream(
            Settings.Upstream.at(server.url()), new Settings.Breaker(1, 1, Duration.ofMillis(50)));
    server.then(CUT).then(CUT).otherwise(ANSWER);
    assertThat(ask(20)).isInstanceOf(Uncertain.class);
    await().until(() -> level() == 1);
    assertThat(late()).isEqualTo(LATE);
    assertThat(level()).isEqualTo(1);
    assertThat(upstream.accepting()).isTrue();
    assertThat(ask(20)).isInstanceOf(Uncertain.class);
    await().until(() -> level() == 1);
    assertThat(late()).isEqualTo(LATE);
    assertThat(ask(20)).isInstanceOf(Answered.class);
    assertThat(level()).isZero();
  }

  private Outcome late() {
    return call(OVER, 20).await().atMost(Duration.ofSeconds(20));
  }
}
