package org.psidgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.psidgateway.upstream.ScriptedServer.CUT;
import static org.psidgateway.upstream.ScriptedServer.HANG;
import static org.psidgateway.upstream.ScriptedServer.answer;
import static org.psidgateway.upstream.ScriptedServer.cutBody;
import static org.psidgateway.upstream.ScriptedServer.unframed;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.psidgateway.model.PageId;
import org.psidgateway.upstream.Outcome.Answered;
import org.psidgateway.upstream.Outcome.Refused;
import org.psidgateway.upstream.Outcome.Uncertain;
import org.psidgateway.upstream.Outcome.Unsent;
import org.psidgateway.upstream.ScriptedServer.Act;

class PagesIdMappingAdapterTest {
  private static final String MAPPED = "{\"20\":{\"id\":\"7\"}}";
  private static final Act ANSWER = answer(200, MAPPED);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final StandaloneGuard GUARD = new StandaloneGuard();
  private static Vertx vertx;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private ScriptedServer server;
  private PagesIdMappingAdapter adapter;

  @BeforeAll
  static void startVertx() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stopVertx() throws InterruptedException {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    GUARD.close();
  }

  @BeforeEach
  void startServer() {
    server = new ScriptedServer(vertx);
    adapter = adapter(Settings.Upstream.at(server.url()), Settings.Breaker.NEVER);
  }

  @AfterEach
  void stopServer() {
    adapter.stop();
    server.close();
  }

  @Test
  void ask_sendsOneForm_andPairsTheAnswer() {
    server.then(ANSWER);
    Answered answered = (Answered) ask(20, 30);
    assertThat(answered.psids()).containsExactly(7, 0);
    assertThat(answered.returned()).isEqualTo(1);
    String request = server.requests.get(0);
    assertThat(request).startsWith("POST /pages_id_mapping HTTP/1.1\r\n");
    assertThat(request).containsIgnoringCase("content-type: application/x-www-form-urlencoded");
    assertThat(head(request))
        .doesNotContain("ACCESS", "TOKEN")
        .doesNotContainIgnoringCase("authorization");
    assertThat(body(request))
        .isEqualTo("access_token=ACCESS_TOKEN&ignore_invalid_ids=false&user_ids=20%2C30");
  }

  @Test
  void ask_sendsTheProof_whenThereIsASecret() {
    adapter.stop();
    adapter =
        adapter(
            Settings.Upstream.at(URI.create(server.url() + "/graph/")).version("v6.0"),
            Settings.Breaker.NEVER,
            Settings.App.SIGNING);
    server.then(ANSWER);
    ask(20);
    String request = server.requests.get(0);
    assertThat(request).startsWith("POST /graph/v6.0/pages_id_mapping HTTP/1.1\r\n");
    assertThat(body(request))
        .contains(
            "&appsecret_proof=a727796e1b4e9053916f82f7a0b90f240862b289bb3c9ac5ff6e2231e18a491c&");
    assertThat(request).doesNotContain("APP_SECRET");
  }

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

  static Stream<Arguments> uncertain() {
    return Stream.of(
        Arguments.of(
            "502 HTML", answer(502, "<html>x</html>", "Content-Type: text/html"), "http_502"),
        Arguments.of("504", answer(504, ""), "http_504"),
        Arguments.of("200 HTML", answer(200, "<html>x</html>"), "not_json"),
        Arguments.of("empty", answer(200, ""), "empty_answer"),
        Arguments.of("no content", answer(204, ""), "empty_answer"),
        Arguments.of("closed after reading", CUT, "connection_lost"),
        Arguments.of("cut body", cutBody(MAPPED), "connection_lost"),
        Arguments.of("cut unframed body", unframed(MAPPED.substring(0, 9)), "not_json"),
        Arguments.of(
            "no HTTP", (Act) socket -> socket.write("220 smtp ready\r\n\r\n"), "connection_lost"),
        Arguments.of(
            "too large", answer(200, MAPPED + " ".repeat(Exchange.MAX_BODY)), "answer_too_large"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("uncertain")
  void ask_isUncertainAndSendsNoMore_whenTheAnswerIsLost(String name, Act act, String detail) {
    server.then(act).otherwise(ANSWER);
    assertThat(ask(20)).isEqualTo(new Uncertain(detail));
    assertThat(ask(20)).isInstanceOf(Answered.class);
    assertThat(server.requests).hasSize(2); // one a call: nothing was sent again in silence
  }

  @Test
  void ask_isUncertainAndSendsNoMore_whenResetAfterReading() {
    moveTo(ScriptedServer.resetting(vertx));
    server.then(CUT).otherwise(ANSWER);
    assertThat(ask(20)).isEqualTo(new Uncertain("connection_lost"));
    assertThat(ask(20)).isInstanceOf(Answered.class);
    assertThat(server.requests).hasSize(2);
  }

  @Test
  void ask_isUncertainAndSendsNoMore_whenResetBeforeReading() {
    moveTo(ScriptedServer.resetting(vertx));
    server.resetBeforeReading();
    assertThat(ask(20)).isEqualTo(new Uncertain("connection_lost"));
    assertThat(server.connections).hasValue(1);
  }

  @Test
  void ask_isUncertainAndSendsNoMore_whenAKeptConnectionDies() {
    adapter.stop();
    // With one connection the second call waits until the first has given it back.
    adapter = adapter(Settings.Upstream.at(server.url()).concurrency(1), Settings.Breaker.NEVER);
    server.then(ANSWER).then(CUT).otherwise(ANSWER);
    assertThat(ask(20)).isInstanceOf(Answered.class);
    assertThat(ask(20)).isEqualTo(new Uncertain("connection_lost"));
    assertThat(server.connections).hasValue(1);
    assertThat(server.requests).hasSize(2);
    assertThat(ask(20)).isInstanceOf(Answered.class);
    assertThat(server.requests).hasSize(3);
  }

  @Test
  void ask_isUnsent_whenConnectionIsRefused() {
    server.close();
    assertThat(ask(20)).isEqualTo(new Unsent("connect_failed"));
    server = new ScriptedServer(vertx);
  }

  @Test
  void ask_isUnsent_whenTheHostHasNoName() {
    adapter.stop();
    adapter =
        adapter(
            Settings.Upstream.at(URI.create("http://no-such-host.invalid")),
            Settings.Breaker.NEVER);
    assertThat(ask(20)).isEqualTo(new Unsent("connect_failed"));
  }

  @Test
  void ask_isUnsent_whenTheTlsHandshakeFails() {
    adapter.stop();
    URI tls = URI.create(server.url().toString().replace("http:", "https:"));
    adapter = adapter(Settings.Upstream.at(tls).timeout(SHORT), Settings.Breaker.NEVER);
    assertThat(ask(20)).isInstanceOf(Unsent.class); // the server never says hello
    assertThat(server.requests).isEmpty();
  }

  @Test
  void ask_isUncertainAndClosesTheConnection_whenTimedOut() {
    adapter.stop();
    adapter = adapter(Settings.Upstream.at(server.url()).timeout(SHORT), Settings.Breaker.NEVER);
    server.then(HANG);
    assertThat(ask(20)).isEqualTo(new Uncertain("timeout"));
    await().untilAsserted(() -> assertThat(server.closed).hasValue(1));
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void ask_isUncertain_whenTheAnswerStopsHalfway() {
    adapter.stop();
    adapter = adapter(Settings.Upstream.at(server.url()).timeout(SHORT), Settings.Breaker.NEVER);
    server.then(socket -> socket.write("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n" + MAPPED));
    assertThat(ask(20)).isEqualTo(new Uncertain("timeout"));
    await().untilAsserted(() -> assertThat(server.closed).hasValue(1));
  }

  @Test
  void ask_tellsTheThrottle_andShowsTheUsage() {
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
  void breaker_opensProbesOnceAndCloses() {
    adapter.stop();
    adapter =
        adapter(
            Settings.Upstream.at(server.url()),
            new Settings.Breaker(0.5, 4, Duration.ofSeconds(1)));
    server.otherwise(CUT);
    for (int i = 0; i < 4; i++) {
      assertThat(adapter.accepting()).isTrue();
      assertThat(ask(20)).isInstanceOf(Uncertain.class);
    }
    assertThat(adapter.accepting()).isFalse();
    assertThat(level()).isEqualTo(2);
    assertThat(ask(20)).isEqualTo(new Unsent("breaker_open"));
    assertThat(server.requests).hasSize(4);

    server.otherwise(HANG);
    await().until(adapter::accepting);
    assertThat(level()).isEqualTo(1);
    Uni<Outcome> probe = call(20);
    await().until(() -> server.requests.size() == 5);
    assertThat(adapter.accepting()).isFalse(); // one probe, not two
    assertThat(ask(20)).isEqualTo(new Unsent("breaker_open"));
    adapter.stop(); // loses the probe
    assertThat(probe.await().atMost(Duration.ofSeconds(20))).isInstanceOf(Uncertain.class);
    assertThat(level()).isEqualTo(2);
    assertThat(calls("breaker_open")).isEqualTo(2);
  }

  @Test
  void breaker_closes_whenTheProbeIsAnswered() {
    adapter.stop();
    adapter =
        adapter(
            Settings.Upstream.at(server.url()), new Settings.Breaker(1, 2, Duration.ofMillis(50)));
    String down = "{\"error\":{\"message\":\"m\",\"type\":\"OAuthException\",\"code\":2}}";
    server.then(answer(500, down)).then(answer(503, down)).otherwise(ANSWER);
    ask(20);
    Refused second = (Refused) ask(20);
    assertThat(second.error()).isEqualTo(UpstreamError.TRANSIENT);
    await().until(adapter::accepting);
    assertThat(ask(20)).isInstanceOf(Answered.class);
    assertThat(adapter.accepting()).isTrue();
    assertThat(level()).isZero();
  }

  @Test
  void breaker_staysClosed_whenTheUpstreamRefuses() {
    adapter.stop();
    adapter =
        adapter(
            Settings.Upstream.at(server.url()),
            new Settings.Breaker(0.1, 1, Duration.ofMinutes(1)));
    for (int code : List.of(4, 32, 190, 10, 100, 105, 12, 2)) {
      String error =
          "{\"error\":{\"message\":\"m\",\"type\":\"OAuthException\",\"code\":" + code + "}}";
      server.then(answer(400, error));
      assertThat(ask(20)).isInstanceOf(Refused.class);
      assertThat(adapter.accepting()).isTrue();
    }
    assertThat(level()).isZero();
  }

  @Test
  void meters_areThereFromTheStart() {
    assertThat(meters.find("gateway.upstream.calls").counters())
        .hasSize(4 + UpstreamError.values().length)
        .allMatch(counter -> counter.count() == 0);
    assertThat(meters.get("gateway.upstream.duration").timer().count()).isZero();
    assertThat(level()).isZero();
  }

  private void moveTo(ScriptedServer other) {
    stopServer();
    server = other;
    adapter = adapter(Settings.Upstream.at(server.url()), Settings.Breaker.NEVER);
  }

  private PagesIdMappingAdapter adapter(UpstreamConfig config, BreakerConfig breaker) {
    return adapter(config, breaker, Settings.App.BARE);
  }

  private PagesIdMappingAdapter adapter(
      UpstreamConfig config, BreakerConfig breaker, AppConfig app) {
    meters.clear();
    return new PagesIdMappingAdapter(
        config, breaker, app, vertx, meters, InstantSource.system(), GUARD.builder());
  }

  private Uni<Outcome> call(long... asids) {
    return adapter.ask(new PageId(100), "ACCESS_TOKEN", asids);
  }

  private Outcome ask(long... asids) {
    return call(asids).await().atMost(Duration.ofSeconds(20));
  }

  private double calls(String outcome) {
    return meters.get("gateway.upstream.calls").tag("outcome", outcome).counter().count();
  }

  private double level() {
    return meters.get("gateway.upstream.breaker.state").gauge().value();
  }

  private static String head(String request) {
    return request.substring(0, request.indexOf("\r\n\r\n"));
  }

  private static String body(String request) {
    return request.substring(request.indexOf("\r\n\r\n") + 4);
  }
}
