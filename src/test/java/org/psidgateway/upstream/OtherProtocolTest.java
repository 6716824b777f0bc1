package org.psidgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.upstream.ScriptedServer.answer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Tariff;
import org.psidgateway.model.Usage;
import org.psidgateway.ops.Faults;
import org.psidgateway.testing.Tariffs;
import org.psidgateway.upstream.Exchange.Reply;
import org.psidgateway.upstream.Outcome.Answered;
import org.psidgateway.upstream.Outcome.Refused;
import org.psidgateway.upstream.Outcome.Uncertain;
import org.psidgateway.upstream.Outcome.Unsent;

/** What all kinds of upstream share holds for one that has nothing in common with the real ones. */
class OtherProtocolTest extends UpstreamHarness {
  private static final String BUSY = "busy";

  /** Answers a PSID as bare text. */
  private static final class BareText implements Protocol {
    @Override
    public Tariff tariff() {
      return Tariffs.PER_ID;
    }

    @Override
    public void check(Faults faults) {}

    @Override
    public String path() {
      return "";
    }

    @Override
    public Map<String, String> encode(Question question, String token) {
      return Map.of("ask & tell", question.page() + "/" + question.asids()[0]);
    }

    @Override
    public Reading decode(Question question, Reply reply) {
      UsageHeaders usage =
          UsageHeaders.of(reply.headers(), question.page(), InstantSource.system());
      String text = new String(reply.body(), StandardCharsets.US_ASCII);
      return new Reading(outcome(question, text, usage.usage()), usage);
    }

    private static Outcome outcome(Question question, String text, Usage usage) {
      if (text.equals(BUSY)) {
        return new Refused(
            UpstreamError.TRANSIENT, Findings.of(new long[0], 0), Optional.empty(), usage, BUSY);
      }
      return text.isEmpty()
          ? new Uncertain("nothing")
          : new Answered(
              Findings.of(question.asids(), new long[] {Long.parseLong(text)}), 1, usage);
    }
  }

  @BeforeEach
  void speakIt() {
    restart(Settings.Breaker.NEVER);
  }

  @Test
  void ask_postsTheFormToThePath_andReadsTheAnswer() {
    server.then(answer(200, "7", "X-App-Usage: {\"call_count\":12}"));

    Answered answered = (Answered) ask(20);

    assertThat(answered.findings().verdicts()).containsExactly(7);
    assertThat(answered.usage()).isEqualTo(new Usage(12, Usage.NOT_REPORTED));
    assertThat(server.requests)
        .singleElement()
        .asString()
        .startsWith("POST /v26.0/ HTTP/1.1\r\n")
        .endsWith("\r\n\r\nask+%26+tell=100%2F20");
    assertThat(calls("answered")).isEqualTo(1);
    assertThat(meters.get("gateway.upstream.usage").tag("scope", "app").gauge().value())
        .isEqualTo(12);
    assertThat(upstream.tariff()).isEqualTo(Tariffs.PER_ID);
  }

  @Test
  void ask_sendsNothing_whenItIsLate() {
    assertThat(call(Duration.ofMillis(-1), 20).await().atMost(Duration.ofSeconds(20)))
        .isEqualTo(new Unsent("late"));

    assertThat(server.requests).isEmpty();
    assertThat(calls("late")).isEqualTo(1);
  }

  @Test
  void breaker_opens_whenAnswersSayNothing() {
    restart(new Settings.Breaker(1, 2, Duration.ofMinutes(1)));
    server.then(answer(200, "")).then(answer(503, BUSY));
    assertThat(ask(20)).isEqualTo(new Uncertain("nothing"));
    assertThat(ask(20)).isInstanceOf(Refused.class);

    assertThat(upstream.accepting()).isFalse();
    assertThat(ask(20)).isEqualTo(new Unsent("breaker_open"));
    assertThat(server.requests).hasSize(2);
    assertThat(calls("breaker_open")).isEqualTo(1);
    assertThat(calls("transient")).isEqualTo(1);
  }

  private void restart(BreakerConfig breaker) {
    upstream.stop();
    upstream =
        upstream(new BareText(), Settings.Upstream.at(server.url()).version("v26.0"), breaker);
  }
}
