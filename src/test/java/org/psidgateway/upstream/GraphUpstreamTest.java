package org.psidgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.psidgateway.upstream.ScriptedServer.HANG;
import static org.psidgateway.upstream.ScriptedServer.answer;

import io.micrometer.core.instrument.Meter;
import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.Usage;
import org.psidgateway.upstream.Outcome.Answered;
import org.psidgateway.upstream.Outcome.Refused;
import org.psidgateway.upstream.Outcome.Uncertain;
import org.psidgateway.upstream.Outcome.Unsent;

class GraphUpstreamTest extends UpstreamHarness {
  @Test
  void ask_sendsOnce_howeverOftenSubscribed() {
    server.then(ANSWER);
    Uni<Outcome> call = call(20);
    call.subscribe().with(outcome -> {}).cancel();
    Outcome first = call.await().atMost(Duration.ofSeconds(20));
    assertThat(call.await().atMost(Duration.ofSeconds(20))).isSameAs(first);
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void ask_sends_whenNobodySubscribes() {
    server.then(ANSWER);
    call(20);
    await().untilAsserted(() -> assertThat(calls("answered")).isEqualTo(1));
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void ask_isUnsent_whenConnectionIsRefused() {
    server.close();
    assertThat(ask(20)).isEqualTo(new Unsent("connect_failed"));
    server = new ScriptedServer(vertx);
  }

  @Test
  void ask_isUnsent_whenTheHostHasNoName() {
    upstream.stop();
    upstream =
        upstream(
            Settings.Upstream.at(URI.create("http://no-such-host.invalid")),
            Settings.Breaker.NEVER);
    assertThat(ask(20)).isEqualTo(new Unsent("connect_failed"));
  }

  @Test
  void ask_isUnsent_whenTheTlsHandshakeTakesTooLong() {
    upstream.stop();
    URI tls = URI.create(server.url().toString().replace("http:", "https:"));
    upstream = upstream(Settings.Upstream.at(tls).timeout(SHORT), Settings.Breaker.NEVER);
    assertThat(ask(20)).isEqualTo(new Unsent("connect_timeout")); // the server never says hello
    assertThat(server.requests).isEmpty();
    assertThat(timeouts("connect")).isEqualTo(1);
    assertThat(timeouts("call")).isZero();
    assertThat(calls("unsent")).isEqualTo(1);
  }

  @Test
  void ask_isUncertainAndClosesTheConnection_whenTimedOut() {
    upstream.stop();
    upstream = upstream(Settings.Upstream.at(server.url()).timeout(SHORT), Settings.Breaker.NEVER);
    server.then(HANG);
    assertThat(ask(20)).isEqualTo(new Uncertain("timeout"));
    await().untilAsserted(() -> assertThat(server.closed).hasValue(1));
    assertThat(server.requests).hasSize(1);
    assertThat(timeouts("call")).isEqualTo(1);
    assertThat(timeouts("connect")).isZero();
  }

  @Test
  void ask_isUncertain_whenTheAnswerStopsHalfway() {
    upstream.stop();
    upstream = upstream(Settings.Upstream.at(server.url()).timeout(SHORT), Settings.Breaker.NEVER);
    server.then(socket -> socket.write("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n" + MAPPED));
    assertThat(ask(20)).isEqualTo(new Uncertain("timeout"));
    await().untilAsserted(() -> assertThat(server.closed).hasValue(1));
  }

  @Test
  void ask_reportsTheThrottle_andShowsTheUsage() {
    server.then(
        answer(
            403,
            "{\"error\":{\"message\":\"m\",\"type\":\"OAuthException\",\"code\":4}}",
            "X-App-Usage: {\"call_count\":104}",
            "Retry-After: 60"));
    Refused refused = (Refused) ask(20);
    assertThat(refused.error()).isEqualTo(UpstreamError.THROTTLED_APP);
    assertThat(refused.regainAfter()).contains(Duration.ofMinutes(1));
    assertThat(meters.get("gateway.upstream.usage").tag("scope", "app").gauge().value())
        .isEqualTo(104);
  }

  @Test
  void ask_reportsTheUsage_withEveryAnswerThatIsOne() {
    server
        .then(answer(200, MAPPED, "X-App-Usage: 96%", "X-Page-Usage: {\"total_time\":3}"))
        .then(answer(200, MAPPED))
        .then(
            answer(
                400,
                "{\"error\":{\"message\":\"m\",\"type\":\"OAuthException\",\"code\":190}}",
                "X-Business-Use-Case-Usage: {\"1\":[{\"call_count\":144}]}"))
        .then(answer(429, "", "X-App-Usage: {\"call_count\":100}"));
    assertThat(((Answered) ask(20)).usage()).isEqualTo(new Usage(96, 3));
    assertThat(((Answered) ask(20)).usage()).isEqualTo(Usage.UNKNOWN);
    assertThat(((Refused) ask(20)).usage()).isEqualTo(new Usage(Usage.NOT_REPORTED, 144));
    assertThat(((Refused) ask(20)).usage()).isEqualTo(new Usage(100, Usage.NOT_REPORTED));
  }

  @Test
  void meters_areThereFromTheStart() {
    assertThat(meters.find("gateway.upstream.calls").counters())
        .hasSize(5 + UpstreamError.values().length)
        .allMatch(counter -> counter.count() == 0);
    assertThat(meters.get("gateway.upstream.duration").timer().count()).isZero();
    assertThat(level()).isZero();
    assertThat(timeouts("connect")).isZero();
    assertThat(timeouts("call")).isZero();
    assertThat(meters.find("gateway.upstream.usage").gauges())
        .hasSize(3)
        .allMatch(gauge -> Double.isNaN(gauge.value())); // not reported, which is not zero
    assertThat(meters.getMeters())
        .extracting(Meter::getId)
        // The buckets of a histogram: this registry, unlike that of Prometheus, makes meters of
        // them.
        .filteredOn(id -> !id.getName().endsWith(".histogram"))
        .allSatisfy(
            id -> {
              assertThat(id.getDescription()).isNotBlank();
              assertThat(id.getBaseUnit()).isNotBlank();
            });
  }
}
