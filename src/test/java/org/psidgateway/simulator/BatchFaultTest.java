package org.psidgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.psidgateway.simulator.GraphClient.body;
import static org.psidgateway.simulator.GraphClient.json;
import static org.psidgateway.simulator.GraphClient.psid;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.psidgateway.simulator.MatchingSettings.UsagePlace;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.simulator.SimulatedGraph.Fault.Kind;

class BatchFaultTest {
  private final GraphClient client = new GraphClient();

  @AfterEach
  void stop() {
    client.close();
  }

  @Test
  void lostReply_isInTheLog_withWhatItGave() throws Exception {
    client.script.fault(Fault.of(Kind.LOSE_REPLY).times(1));

    assertThatThrownBy(() -> client.batch(people(3))).isInstanceOf(IOException.class);

    assertThat(client.witness.calls())
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.outcome()).isEqualTo("lose_reply");
              assertThat(call.operations()).isEqualTo(3);
              assertThat(call.returned()).hasSize(6);
            });
    assertThat(client.witness.timesConverted(200, 2)).isEqualTo(1);
    assertThat(client.batchJson(people(3))).hasSize(3);
    assertThat(client.witness.maxTimesConverted()).isEqualTo(2);
  }

  @Test
  void tail_isNull_fromAnOperationOn() throws Exception {
    client.script.fault(Fault.of(Kind.HANG).onOperationsFrom(2).times(1));

    JsonNode answer = client.batchJson(people(5));

    assertThat(codes(answer)).containsExactly(200, 200, 0, 0, 0);
    assertThat(client.witness.operationOutcomes())
        .containsOnly(Map.entry("answered", 2), Map.entry("hang", 3));
    assertThat(client.witness.timesConverted(100, 3)).isZero();
    assertThat(codes(client.batchJson(people(5)))).doesNotContain(0);
  }

  @Test
  void null_mayHaveActed_andMayStrikeAtRandom() throws Exception {
    client.script.fault(Fault.of(Kind.LOSE_REPLY).onOperationsFrom(0).probability(0.5));

    JsonNode answer = client.batchJson(people(20));

    assertThat(codes(answer)).contains(0, 200);
    assertThat(client.witness.conversions()).isEqualTo(40);
  }

  @Test
  void throttle_comesInTheMiddle_withinAnAnswered200() throws Exception {
    client.script.fault(Fault.throttled().onOperationsFrom(3).times(1));

    HttpResponse<String> response = client.batch(people(5));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(codes(json(response))).containsExactly(200, 200, 200, 403, 403);
    assertThat(body(json(response).get(3)).at("/error/code").intValue()).isEqualTo(4);
    assertThat(body(json(response).get(3)).at("/error/is_transient").booleanValue()).isTrue();
  }

  @Test
  void rateLimit_countsOperations() throws Exception {
    client.script.change(s -> s.rateCalls = 3);

    HttpResponse<String> response = client.batch(people(5));

    assertThat(codes(json(response))).containsExactly(200, 200, 200, 403, 403);
    assertThat(client.witness.operationOutcomes())
        .containsOnly(Map.entry("answered", 3), Map.entry("rate_limited", 2));
    assertThat(codes(client.batchJson(people(1)))).containsExactly(403);
  }

  @ParameterizedTest
  @EnumSource
  void usage_isReported_whereTheScriptSays(UsagePlace place) throws Exception {
    client.script.change(
        s -> {
          s.rateCalls = 4;
          s.usagePlace = place;
        });

    HttpResponse<String> response = client.batch(people(2));

    assertThat(
            response.headers().firstValue("X-App-Usage").map(h -> h.contains(":50,")).orElse(false))
        .isEqualTo(place != UsagePlace.OPERATIONS);
    List<String> inside =
        json(response).findValuesAsText("value").stream()
            .filter(h -> h.contains("call_count"))
            .toList();
    assertThat(inside).hasSize(place == UsagePlace.CALL ? 0 : 2);
    assertThat(response.headers().map()).doesNotContainKey("x-business-use-case-usage");

    client.script.change(s -> s.usageHeaders = Set.of());
    assertThat(client.batch(people(1)).headers().map()).doesNotContainKey("x-app-usage");
  }

  @Test
  void operationHeaders_areSentAsTheyStand_andThoseOfAFaultBeforeThem() throws Exception {
    client.script.change(s -> s.operationHeaders = Map.of("X-App-Usage", "17%"));
    client.script.fault(
        Fault.error(429, Map.of("code", 4)).onOperation(1).headers(Map.of("X-App-Usage", "{}")));

    JsonNode answer = client.batchJson(people(3));

    assertThat(codes(answer)).containsExactly(200, 429, 200);
    assertThat(answer.get(0).get("headers").toString()).contains("17%");
    assertThat(answer.get(1).get("headers").toString()).contains("{}").doesNotContain("17%");
  }

  @ParameterizedTest
  @CsvSource({
    "SERVER_ERROR, 500, 2",
    "UNAVAILABLE, 500, 2",
    "UNKNOWN_ERROR, 500, 1",
    "UNSUPPORTED_REQUEST, 400, 100",
    "NO_SUCH_OBJECT, 400, 100"
  })
  void element_mayBeAnErrorOfEachKind(Kind kind, int status, int code) throws Exception {
    client.script.fault(Fault.of(kind).onOperation(0));

    JsonNode answer = client.batchJson(people(2));

    assertThat(codes(answer)).containsExactly(status, 200);
    assertThat(body(answer.get(0)).at("/error/code").intValue()).isEqualTo(code);
  }

  @Test
  void missingPermission_looksLikeMissingPeople() throws Exception {
    client.script.fault(Fault.of(Kind.NO_SUCH_OBJECT).onOperationsFrom(0));

    JsonNode answer = client.batchJson(people(2));

    assertThat(body(answer.get(1)).at("/error/message").textValue()).contains("ID '2' does not");
    assertThat(client.witness.conversions()).isZero();
  }

  @Test
  void elements_mayBeHtml_orEmpty_orCut_orHaveATextForCode() throws Exception {
    client.script.fault(Fault.of(Kind.BAD_GATEWAY).onOperation(0));
    client.script.fault(Fault.of(Kind.EMPTY_BODY).onOperation(1));
    client.script.fault(Fault.of(Kind.TRUNCATED_BODY).onOperation(2));
    client.script.change(s -> s.textCodes = true);

    JsonNode answer = client.batchJson(people(4));

    assertThat(answer.get(0).get("body").textValue()).contains("<html>");
    assertThat(answer.get(1).has("body")).isFalse();
    assertThatThrownBy(() -> body(answer.get(2))).isInstanceOf(IOException.class);
    assertThat(answer.get(3).get("code").isTextual()).isTrue();
  }

  @Test
  void wholeCall_mayFail_likeAnyOther() throws Exception {
    client.script.fault(Fault.of(Kind.BATCH_REFUSED).times(1));
    client.script.fault(Fault.of(Kind.BAD_GATEWAY).times(1));
    client.script.fault(Fault.of(Kind.EMPTY_BODY).times(1));
    client.script.fault(Fault.error(200, Map.of("code", 190, "message", "no")).times(1));
    client.script.fault(Fault.throttled().onPage(100)); // a batch is of no Page

    JsonNode refused = client.batchJson(people(1)).get("error");
    assertThat(refused.get("type").textValue()).isEqualTo("GraphBatchException");
    assertThat(refused.has("code")).isFalse();
    assertThat(client.batch(people(1)).statusCode()).isEqualTo(502);
    assertThat(client.batch(people(1)).body()).isEmpty();
    assertThat(client.batchJson(people(1)).at("/error/code").intValue()).isEqualTo(190);
    assertThat(client.batchJson(people(1))).hasSize(1);
  }

  @Test
  void hang_neverAnswersTheBatch() {
    client.script.fault(Fault.of(Kind.HANG));
    var request =
        client
            .to("/")
            .timeout(Duration.ofMillis(300))
            .POST(BodyPublishers.ofString(GraphClient.encode(GraphClient.batchForm(people(1)))));

    assertThatThrownBy(() -> client.send(request)).isInstanceOf(IOException.class);

    assertThat(client.witness.timesAsked(100, 1)).isEqualTo(1);
  }

  @Test
  void operation_isHitOnItsOwnPageOnly_whenTheFaultHasOne() throws Exception {
    client.script.fault(Fault.throttled().onOperationsFrom(0).onPage(200));

    assertThat(codes(client.batchJson("1/ids_for_pages?page=100", "1/ids_for_pages?page=200")))
        .containsExactly(200, 403);
  }

  @Test
  void operationFaults_leaveOtherCallsAlone() throws Exception {
    client.script.fault(Fault.throttled().onOperationsFrom(0).times(1));

    assertThat(client.ask("1").statusCode()).isEqualTo(200);
    assertThat(client.script.settings().faults).hasSize(1);
  }

  @Test
  void log_hasEachOperation_andForgetsOnReset() throws Exception {
    String after =
        body(client.batchJson("1/ids_for_pages?limit=1").get(0))
            .at("/paging/cursors/after")
            .textValue();
    client.passes(Duration.ofSeconds(1));
    client.batch("2/ids_for_pages?page=200", "1/ids_for_pages?after=" + after, "x/ids_for_pages");

    assertThat(client.witness.calls()).extracting("operations").containsExactly(1, 3);
    assertThat(client.witness.operations()).extracting("index").containsExactly(0, 0, 1, 2);
    assertThat(client.witness.operations()).extracting("id").containsExactly(1L, 2L, 1L, 0L);
    Witness.Operation second = client.witness.operations().get(1);
    assertThat(second.arrivedMillis()).isEqualTo(GraphClient.START.toEpochMilli() + 1_000);
    assertThat(second.page()).isEqualTo(200);
    assertThat(second.pages()).containsExactly(200);
    assertThat(second.returned()).containsExactly(SimulatedGraph.psidOf(200, 2));
    assertThat(client.witness.operations().get(2).after()).isEqualTo(after);
    assertThat(client.witness.operations().get(3).outcome()).isEqualTo("no_such_alias");
    assertThat(client.witness.timesAsked(100, 1)).isEqualTo(2);
    assertThat(client.witness.timesAsked(100, 2)).isZero();
    assertThat(client.witness.timesConverted(200, 1)).isEqualTo(1);
    assertThat(client.witness.maxTimesConverted()).isEqualTo(1);
    assertThat(client.witness.conversions()).isEqualTo(3);
    assertThat(client.witness.mostOperations(Duration.ofHours(1))).isEqualTo(4);
    assertThat(client.witness.mostOperations(Duration.ofNanos(1))).isEqualTo(3);

    JsonNode shown =
        json(client.send(client.to("/simulator/witness?operations=true&ids=true").GET()));
    assertThat(shown.get("operations").intValue()).isEqualTo(4);
    assertThat(shown.at("/operation_log/1/returned/200").textValue()).isEqualTo(psid(200, 2));
    assertThat(shown.get("ids"))
        .contains(
            GraphJson.MAPPER.readTree(
                "{\"page\":\"200\",\"asid\":\"2\",\"asked\":1,\"converted\":1}"));

    client.witness.reset();
    assertThat(client.witness.operations()).isEmpty();
  }

  private static String[] people(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> i + "/ids_for_pages")
        .toArray(String[]::new);
  }

  /** 0 for a null. */
  private static List<Integer> codes(JsonNode answer) {
    return IntStream.range(0, answer.size())
        .mapToObj(i -> answer.get(i).path("code").asInt())
        .toList();
  }
}
