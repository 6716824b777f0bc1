package org.psidgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.simulator.GraphClient.SECRET;
import static org.psidgateway.simulator.GraphClient.json;
import static org.psidgateway.simulator.GraphClient.usual;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.simulator.SimulatorScript.UsageHeader;

class LimitsTest {
  private final GraphClient client = new GraphClient();

  @AfterEach
  void stop() {
    client.close();
  }

  @Test
  void quota_countsEveryPsid_repeatsToo() throws Exception {
    client.script.change(
        s -> {
          s.quota = 5L;
          s.unmappedIds = Set.of(9L);
        });

    assertThat(client.askJson("1", "2", "9")).hasSize(2);
    assertThat(client.askJson("1", "2")).hasSize(2);
    HttpResponse<String> beyond = client.ask("3", "4");
    assertThat(beyond.statusCode()).isEqualTo(403);
    assertThat(json(beyond).at("/error/code").intValue()).isEqualTo(4);
    assertThat(client.askJson("3")).hasSize(1);

    assertThat(client.witness.conversions()).isEqualTo(5);
    assertThat(client.witness.maxTimesConverted()).isEqualTo(2);
    assertThat(client.witness.outcomes())
        .containsOnly(Map.entry("answered", 3), Map.entry("quota", 1));
  }

  @Test
  void quota_staysSpent_whenTheWitnessForgets() throws Exception {
    client.script.change(s -> s.quota = 1L);
    client.ask("1");
    client.witness.reset();

    assertThat(client.askJson("2").at("/error/code").intValue()).isEqualTo(4);
    assertThat(client.witness.conversions()).isZero();
  }

  @Test
  void rateLimit_slides_andIsProlongedByBlockedCalls() throws Exception {
    client.script.change(
        s -> {
          s.rateCalls = 2;
          s.ratePerMs = 60_000;
          s.usageHeaders = Set.of(UsageHeader.BUSINESS);
          s.retryAfter = true;
        });

    assertThat(business(client.ask("1")).get("call_count").intValue()).isEqualTo(50);
    client.passes(Duration.ofSeconds(20));
    assertThat(client.ask("2").statusCode()).isEqualTo(200);
    client.passes(Duration.ofSeconds(20));
    HttpResponse<String> blocked = client.ask("3");
    assertThat(blocked.statusCode()).isEqualTo(403);
    assertThat(json(blocked).at("/error/is_transient").booleanValue()).isTrue();
    assertThat(business(blocked).get("call_count").intValue()).isEqualTo(150);
    assertThat(business(blocked).get("estimated_time_to_regain_access").intValue()).isEqualTo(1);
    // The calls at 20 s and 40 s have to leave the window until one is left: at 80 s, 40 s from
    // now.
    assertThat(blocked.headers().firstValue("Retry-After")).hasValue("40");

    // At 65 s the first call has left, but the one refused at 40 s counts.
    client.passes(Duration.ofSeconds(25));
    assertThat(client.ask("3").statusCode()).isEqualTo(403);
    client.passes(Duration.ofSeconds(35));
    assertThat(client.ask("3").statusCode()).isEqualTo(200);
    assertThat(client.witness.outcomes())
        .containsOnly(Map.entry("answered", 3), Map.entry("rate_limited", 2));
  }

  @ParameterizedTest
  @CsvSource({
    "4, 403",
    "17, 400",
    "32, 400",
    "341, 400",
    "368, 400",
    "613, 400",
    "80001, 400",
    "80006, 400"
  })
  void rateLimit_answersTheCodeOfTheScript(int code, int status) throws Exception {
    client.script.change(
        s -> {
          s.rateCalls = 1;
          s.rateCode = code;
        });
    client.ask("1");

    HttpResponse<String> blocked = client.ask("2");

    assertThat(blocked.statusCode()).isEqualTo(status);
    assertThat(json(blocked).at("/error/code").intValue()).isEqualTo(code);
    assertThat(json(blocked).at("/error/message").textValue()).startsWith("(#" + code + ") ");
  }

  @ParameterizedTest
  @CsvSource({"4, 403", "32, 200", "80001, 200"})
  void otherPage_isLimitedToo_onlyByALimitOfTheApp(int code, int status) throws Exception {
    client.script.change(
        s -> {
          s.rateCalls = 1;
          s.rateCode = code;
        });
    client.ask("1");
    Map<String, String> form = usual("1");
    form.put("access_token", "token-of-200");
    form.put("appsecret_proof", ProofCheck.hmac(SECRET, "token-of-200"));

    assertThat(client.post("/pages_id_mapping", form).statusCode()).isEqualTo(status);
  }

  @Test
  void usageHeaders_areThoseOfTheScript_fromAPercentageOn() throws Exception {
    client.script.change(
        s -> {
          s.rateCalls = 4;
          s.usageFromPercent = 50;
          s.usageHeaders = Set.of(UsageHeader.APP, UsageHeader.PAGE);
        });

    assertThat(client.ask("1").headers().map()).doesNotContainKeys("x-app-usage", "x-page-usage");
    HttpResponse<String> second = client.ask("2");
    assertThat(second.headers().firstValue("X-App-Usage"))
        .hasValue("{\"call_count\":50,\"total_time\":25,\"total_cputime\":16}");
    assertThat(second.headers().firstValue("X-Page-Usage")).isPresent();
    assertThat(second.headers().firstValue("X-Business-Use-Case-Usage")).isEmpty();
    assertThat(second.headers().firstValue("Retry-After")).isEmpty();
  }

  @Test
  void extraHeaders_areSentAsTheyStand_withEveryReply() throws Exception {
    client.script.change(
        s -> {
          s.rateCalls = 100;
          s.extraHeaders = Map.of("x-app-usage", "17%", "X-Page-Usage", "{'call_count':");
        });
    client.script.fault(Fault.of(Fault.Kind.BAD_GATEWAY).times(1));
    client.script.fault(
        Fault.of(Fault.Kind.UNAVAILABLE).times(1).headers(Map.of("X-App-Usage", "{}")));

    HttpResponse<String> html = client.ask("1");
    HttpResponse<String> ownHeaders = client.ask("1");
    HttpResponse<String> answered = client.ask("1");
    HttpResponse<String> refused = client.ask("x");
    HttpResponse<String> elsewhere = client.send(client.to("/nowhere").GET());

    assertThat(ownHeaders.headers().allValues("X-App-Usage")).containsExactly("{}");
    for (HttpResponse<String> reply : List.of(html, answered, refused, elsewhere)) {
      assertThat(reply.headers().allValues("X-App-Usage")).containsExactly("17%");
      assertThat(reply.headers().allValues("X-Page-Usage")).containsExactly("{'call_count':");
    }
    assertThat(business(answered).get("call_count").intValue()).isPositive();
    assertThat(client.send(client.to("/simulator/witness").GET()).headers().map())
        .doesNotContainKey("x-app-usage");
  }

  private static JsonNode business(HttpResponse<String> response) throws Exception {
    String header = response.headers().firstValue("X-Business-Use-Case-Usage").orElseThrow();
    return GraphJson.MAPPER.readTree(header).at("/100/0");
  }
}
