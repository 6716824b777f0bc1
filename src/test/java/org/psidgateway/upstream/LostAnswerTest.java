package org.psidgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.upstream.ScriptedServer.CUT;
import static org.psidgateway.upstream.ScriptedServer.answer;
import static org.psidgateway.upstream.ScriptedServer.cutBody;
import static org.psidgateway.upstream.ScriptedServer.unframed;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.psidgateway.upstream.Outcome.Answered;
import org.psidgateway.upstream.Outcome.Uncertain;
import org.psidgateway.upstream.Outcome.Unsent;
import org.psidgateway.upstream.ScriptedServer.Act;

class LostAnswerTest extends UpstreamHarness {
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
    assertThat(server.requests).hasSize(2); // one per call: nothing was sent again in silence
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
  void ask_isUncertainAndSendsNoMore_whenResetWhileReading() {
    moveTo(ScriptedServer.resetting(vertx));
    server.resetOnFirstBytes();
    assertThat(ask(20)).isEqualTo(new Uncertain("connection_lost"));
    assertThat(server.connections).hasValue(1);
  }

  @Test
  void ask_sendsNoMore_whenResetOnConnecting() {
    moveTo(ScriptedServer.resetting(vertx));
    server.resetOnConnecting();
    // The reset may arrive before anything was written, or after: only the client can tell.
    assertThat(ask(20)).isIn(new Unsent("connect_failed"), new Uncertain("connection_lost"));
    assertThat(server.connections).hasValue(1);
  }

  @Test
  void ask_isUncertainAndSendsNoMore_whenAKeptConnectionDies() {
    upstream.stop();
    // With one connection the second call waits until the first has given it back.
    upstream = upstream(Settings.Upstream.at(server.url()).concurrency(1), Settings.Breaker.NEVER);
    server.then(ANSWER).then(CUT).otherwise(ANSWER);
    assertThat(ask(20)).isInstanceOf(Answered.class);
    assertThat(ask(20)).isEqualTo(new Uncertain("connection_lost"));
    assertThat(server.connections).hasValue(1);
    assertThat(server.requests).hasSize(2);
    assertThat(ask(20)).isInstanceOf(Answered.class);
    assertThat(server.requests).hasSize(3);
  }
}
