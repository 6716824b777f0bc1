package org.psidgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.psidgateway.simulator.GraphClient.json;
import static org.psidgateway.simulator.GraphClient.usual;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.simulator.SimulatedGraph.Fault.Kind;

class FaultTest {
  private final GraphClient client = new GraphClient();

  @AfterEach
  void stop() {
    client.close();
  }

  @Test
  void lostReply_isCounted_thoughNobodySawIt() throws Exception {
    client.script.fault(Fault.of(Kind.LOSE_REPLY).times(1));

    assertThatThrownBy(() -> client.ask("1", "2")).isInstanceOf(IOException.class);

    assertThat(client.witness.conversions()).isEqualTo(2);
    assertThat(client.witness.calls())
        .singleElement()
        .extracting("outcome")
        .isEqualTo("lose_reply");
    assertThat(client.askJson("1")).hasSize(1);
    assertThat(client.witness.timesConverted(100, 1)).isEqualTo(2);
    assertThat(client.witness.timesConverted(100, 2)).isEqualTo(1);
    assertThat(client.witness.maxTimesConverted()).isEqualTo(2);
  }

  @Test
  void reset_convertsNothing() {
    client.script.fault(Fault.of(Kind.RESET).times(1));

    assertThatThrownBy(() -> client.ask("1")).isInstanceOf(IOException.class);

    assertThat(client.witness.timesAsked(100, 1)).isEqualTo(1);
    assertThat(client.witness.conversions()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"HANG, 0", "HANG_AFTER_ACTING, 1"})
  void hang_neverAnswers_andConvertsOnlyAfterActing(Kind kind, int conversions) {
    client.script.fault(Fault.of(kind));
    var request =
        client
            .to("/pages_id_mapping")
            .timeout(Duration.ofMillis(300))
            .POST(BodyPublishers.ofString(GraphClient.encode(usual("1"))));

    assertThatThrownBy(() -> client.send(request)).isInstanceOf(HttpTimeoutException.class);

    assertThat(client.witness.calls()).hasSize(1);
    assertThat(client.witness.conversions()).isEqualTo(conversions);
  }

  @Test
  void slowAnswer_isAddedUp_andMeetsOtherFaults() throws Exception {
    client.script.fault(Fault.slow(60)).fault(Fault.slow(60)).fault(Fault.of(Kind.UNAVAILABLE));
    long before = System.nanoTime();

    HttpResponse<String> response = client.ask("1");

    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isGreaterThanOrEqualTo(Duration.ofMillis(119));
    assertThat(response.statusCode()).isEqualTo(500);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "UNAVAILABLE, 500, 2, true, -",
        "SERVER_ERROR, 500, 2, -, -",
        "UNKNOWN_ERROR, 500, 1, -, -",
        "UNKNOWN_1150, 400, 1150, -, -",
        "UNSUPPORTED_REQUEST, 400, 100, -, 33"
      })
  void error_isTheOneOfItsKind(
      Kind kind, int status, int code, Boolean isTransient, Integer subcode) throws Exception {
    client.script.fault(Fault.of(kind).times(1));

    HttpResponse<String> response = client.ask("1");

    assertThat(response.statusCode()).isEqualTo(status);
    JsonNode error = json(response).get("error");
    assertThat(error.get("code").intValue()).isEqualTo(code);
    assertThat(error.has("is_transient")).isEqualTo(isTransient != null);
    assertThat(error.path("error_subcode").asText(""))
        .isEqualTo(subcode == null ? "" : subcode.toString());
    assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
    assertThat(client.witness.conversions()).isZero();
    assertThat(client.ask("1").statusCode()).isEqualTo(200);
  }

  @Test
  void brokenBodies_areWhatTheyAreCalled() throws Exception {
    client.script.fault(Fault.of(Kind.BAD_GATEWAY).times(1));
    client.script.fault(Fault.of(Kind.EMPTY_BODY).times(1));
    client.script.fault(Fault.of(Kind.TRUNCATED_BODY).times(1));

    HttpResponse<String> html = client.ask("1");
    assertThat(html.statusCode()).isEqualTo(502);
    assertThat(html.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
    assertThat(html.body()).contains("<html>");
    assertThat(client.witness.conversions()).isZero();

    HttpResponse<String> empty = client.ask("1");
    assertThat(empty.statusCode()).isEqualTo(200);
    assertThat(empty.body()).isEmpty();
    assertThat(client.witness.conversions()).isEqualTo(1);

    HttpResponse<String> cut = client.ask("1");
    assertThat(cut.statusCode()).isEqualTo(200);
    assertThatThrownBy(() -> json(cut)).isInstanceOf(IOException.class);
    assertThat(client.witness.conversions()).isEqualTo(2);
  }

  @Test
  void arbitraryError_isSentAsItStands_withItsHeaders() throws Exception {
    Map<String, Object> error =
        Map.of(
            "message",
            "a \"quoted\"\nmessage",
            "type",
            "IGApiException",
            "code",
            613,
            "error_subcode",
            1996,
            "is_transient",
            false,
            "error_data",
            Map.of("a", List.of(1, 2)));
    client.script.fault(
        Fault.error(429, error).times(1).headers(Map.of("Retry-After", "7", "X-App-Usage", "17%")));

    HttpResponse<String> response = client.ask("1");

    assertThat(response.statusCode()).isEqualTo(429);
    JsonNode sent = json(response).get("error");
    error.forEach(
        (field, value) ->
            assertThat(sent.get(field)).isEqualTo(GraphJson.MAPPER.valueToTree(value)));
    assertThat(response.headers().firstValue("Retry-After")).hasValue("7");
    assertThat(response.headers().firstValue("X-App-Usage")).hasValue("17%");
    assertThat(client.witness.calls()).singleElement().extracting("code").isEqualTo(613);
  }

  @Test
  void errorWithoutCode_isPossible() throws Exception {
    client.script.fault(Fault.error(400, Map.of("message", "no code")));

    assertThat(client.askJson("1").get("error").has("code")).isFalse();
  }

  @Test
  void headersThatHttpForbids_areAnswered500_ratherThanNever() throws Exception {
    client.script.fault(Fault.error(400, Map.of()).headers(Map.of("X-App-Usage", "a\nb")));

    assertThat(client.ask("1").statusCode()).isEqualTo(500);
  }

  @Test
  void fault_strikesItsPageOnly_whenItHasOne() throws Exception {
    client.script.fault(Fault.of(Kind.UNAVAILABLE).onPage(200).times(1));

    assertThat(client.ask("1").statusCode()).isEqualTo(200);
    assertThat(client.script.settings().faults).hasSize(1);
  }

  @Test
  void chance_isTheSameEachTime_withTheSameSeed() throws Exception {
    client.script.fault(Fault.of(Kind.UNAVAILABLE).probability(0.5));

    List<Integer> first = statuses(7);
    List<Integer> again = statuses(7);

    assertThat(first).contains(200, 500);
    assertThat(again).isEqualTo(first);
  }

  private List<Integer> statuses(long seed) throws Exception {
    client.script.change(s -> s.seed = 0);
    client.script.change(s -> s.seed = seed);
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      statuses.add(client.ask("1").statusCode());
    }
    return statuses;
  }

  @Test
  void standingFault_ends_whenCleared() throws Exception {
    client.script.fault(Fault.of(Kind.UNAVAILABLE));
    assertThat(client.ask("1").statusCode()).isEqualTo(500);
    assertThat(client.ask("1").statusCode()).isEqualTo(500);

    client.script.clearFaults();

    assertThat(client.ask("1").statusCode()).isEqualTo(200);
  }
}
