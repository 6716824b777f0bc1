package org.psidgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.notNullValue;
import static org.psidgateway.upstream.ScriptedServer.CUT;
import static org.psidgateway.upstream.ScriptedServer.HANG;
import static org.psidgateway.upstream.ScriptedServer.answer;

import io.smallrye.mutiny.Uni;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.psidgateway.upstream.Outcome.Answered;
import org.psidgateway.upstream.Outcome.Refused;
import org.psidgateway.upstream.Outcome.Uncertain;
import org.psidgateway.upstream.Outcome.Unsent;

class BreakerTest extends UpstreamHarness {
  private static final int CALLERS = 16;

  @Test
  void breaker_opensProbesOnceAndCloses() {
    upstream.stop();
    upstream =
        upstream(
            Settings.Upstream.at(server.url()),
            new Settings.Breaker(0.5, 4, Duration.ofSeconds(1)));
    server.otherwise(CUT);
    for (int i = 0; i < 4; i++) {
      assertThat(upstream.accepting()).isTrue();
      assertThat(ask(20)).isInstanceOf(Uncertain.class);
    }
    assertThat(upstream.accepting()).isFalse();
    assertThat(level()).isEqualTo(2);
    assertThat(ask(20)).isEqualTo(new Unsent("breaker_open"));
    assertThat(server.requests).hasSize(4);

    server.otherwise(HANG);
    await().until(upstream::accepting);
    assertThat(level()).isEqualTo(1);
    Uni<Outcome> probe = call(20);
    await().until(() -> server.requests.size() == 5);
    assertThat(upstream.accepting()).isFalse(); // one probe, not two
    assertThat(ask(20)).isEqualTo(new Unsent("breaker_open"));
    upstream.stop(); // loses the probe
    assertThat(probe.await().atMost(Duration.ofSeconds(20))).isInstanceOf(Uncertain.class);
    assertThat(level()).isEqualTo(2);
    assertThat(calls("breaker_open")).isEqualTo(2);
  }

  @Test
  void breaker_closes_whenTheProbeIsAnswered() {
    upstream.stop();
    upstream =
        upstream(
            Settings.Upstream.at(server.url()), new Settings.Breaker(1, 2, Duration.ofMillis(50)));
    String down = "{\"error\":{\"message\":\"m\",\"type\":\"OAuthException\",\"code\":2}}";
    server.then(answer(500, down)).then(answer(503, down)).otherwise(ANSWER);
    ask(20);
    Refused second = (Refused) ask(20);
    assertThat(second.error()).isEqualTo(UpstreamError.TRANSIENT);
    await().until(upstream::accepting);
    assertThat(ask(20)).isInstanceOf(Answered.class);
    assertThat(upstream.accepting()).isTrue();
    assertThat(level()).isZero();
  }

  @Test
  void breaker_letsOneCallThrough_whenManyComeAtOnceWhileHalfOpen() throws Exception {
    upstream.stop();
    upstream =
        upstream(
            Settings.Upstream.at(server.url()).concurrency(CALLERS),
            new Settings.Breaker(1, 1, Duration.ofMillis(50)));
    AtomicReference<NetSocket> probe = new AtomicReference<>();
    server.then(CUT).otherwise(probe::set);
    ask(20);
    await().until(() -> level() == 1);

    CyclicBarrier start = new CyclicBarrier(CALLERS);
    List<Outcome> ended = new CopyOnWriteArrayList<>();
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    for (int i = 0; i < CALLERS; i++) {
      callers.submit(
          () -> {
            start.await();
            return call(20).subscribe().with(ended::add);
          });
    }
    callers.shutdown();
    await().until(() -> ended.size() == CALLERS - 1);
    assertThat(ended).containsOnly(new Unsent("breaker_open"));
    await().untilAtomic(probe, notNullValue());
    assertThat(level()).isEqualTo(1);
    ANSWER.accept(probe.get());
    await().until(() -> ended.size() == CALLERS);
    assertThat(ended.get(CALLERS - 1)).isInstanceOf(Answered.class);
    assertThat(level()).isZero();
    assertThat(server.requests).hasSize(2);
  }

  @Test
  void breaker_staysClosed_whenTheUpstreamRefuses() {
    upstream.stop();
    upstream =
        upstream(
            Settings.Upstream.at(server.url()),
            new Settings.Breaker(0.1, 1, Duration.ofMinutes(1)));
    for (int code : List.of(4, 32, 190, 10, 100, 105, 12, 2)) {
      String error =
          "{\"error\":{\"message\":\"m\",\"type\":\"OAuthException\",\"code\":" + code + "}}";
      server.then(answer(400, error));
      assertThat(ask(20)).isInstanceOf(Refused.class);
      assertThat(upstream.accepting()).isTrue();
    }
    for (int code : List.of(4, 17, 80_001, 190, 200)) { // whatever the status
      String error =
          "{\"error\":{\"message\":\"m\",\"type\":\"OAuthException\",\"code\":" + code + "}}";
      server.then(answer(500, error));
      assertThat(ask(20)).isInstanceOf(Refused.class);
      assertThat(upstream.accepting()).isTrue();
    }
    server.then(answer(429, ""));
    assertThat(ask(20)).isInstanceOf(Refused.class);
    assertThat(upstream.accepting()).isTrue();
    assertThat(level()).isZero();
  }
}
