package org.psidgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.psidgateway.simulator.GraphClient.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlApiTest {
  private final GraphClient client = new GraphClient();

  @AfterEach
  void stop() {
    client.close();
  }

  @Test
  void script_changesWhatIsGiven_andKeepsTheRest() throws Exception {
    client.script.change(s -> s.maxIds = 50);

    HttpResponse<String> put =
        put(
            "{\"psid_style\":\"plain\",\"quota\":3,\"invalid_suffixes\":[\"000\"],"
                + "\"faults\":[{\"kind\":\"lose_reply\",\"times\":2},"
                + "{\"kind\":\"error\",\"status\":400,\"error\":{\"code\":10}}]}");

    assertThat(put.statusCode()).isEqualTo(200);
    JsonNode shown = json(client.send(client.to("/simulator/script").GET()));
    assertThat(shown).isEqualTo(json(put));
    assertThat(shown.get("psid_style").textValue()).isEqualTo("plain");
    assertThat(shown.get("max_ids").intValue()).isEqualTo(50);
    assertThat(shown.at("/faults/0/times").intValue()).isEqualTo(2);
    assertThat(client.script.settings().quota).isEqualTo(3);

    assertThat(put("{\"faults\":[],\"quota\":null}").statusCode()).isEqualTo(200);
    assertThat(client.askJson("1").get("1").isTextual()).isTrue();
  }

  @Test
  void extraHeaders_areSet_andTakenBack() throws Exception {
    put("{\"extra_headers\":{\"X-App-Usage\":\"{\\\"call_count\\\":96}\"}}");
    assertThat(client.ask("1").headers().firstValue("X-App-Usage")).hasValue("{\"call_count\":96}");

    put("{\"extra_headers\":{}}");
    assertThat(client.ask("1").headers().map()).doesNotContainKey("x-app-usage");
  }

  @Test
  void pages_mayBeGivenAnew() throws Exception {
    put("{\"pages\":{\"300\":\"token-of-300\"},\"app_secret\":\"another\"}");
    Map<String, String> form = GraphClient.usual("1");
    form.put("access_token", "token-of-300");
    form.put("appsecret_proof", ProofCheck.hmac("another", "token-of-300"));

    assertThat(json(client.post("/pages_id_mapping", form)).at("/1/id").textValue())
        .isEqualTo(GraphClient.psid(300, 1));
    assertThat(client.askJson("1").at("/error/code").intValue()).isEqualTo(190);
  }

  @Test
  void script_showsNoSecrets() throws Exception {
    client.script.change(
        s -> {
          s.brokenTokens.put("broken-token", 463);
          s.otherTokens.add("other-token");
        });

    String shown = client.send(client.to("/simulator/script").GET()).body();

    assertThat(shown)
        .contains("\"pages\":[100,200]")
        .doesNotContain(GraphClient.SECRET, GraphClient.TOKEN, "broken-token", "other-token");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"quotta\":1} | unknown field quotta",
        "{\"faults\":[{\"kind\":\"slow\",\"dela\":1}]} | unknown field faults.[0].dela",
        "{\"max_ids\":\"many\"} | no value for field max_ids",
        "{\"max_ids\":0} | max_ids is 1 or more",
        "{\"proof_required\":null} | proof_required may not be null",
        "{\"faults\":[{\"times\":1}]} | no value for field faults.[0]: a fault has a kind",
        "{\"faults\":[null]} | something that may not be null is null",
        "{\"faults\":[{\"kind\":\"error\"}]} | no value for field faults.[0]: a fault of kind error"
            + " has a status and an error",
        "{\"extra_headers\":{\"A\":null}} | something that may not be null is null",
        "{\"pages\":{\"100\":null}} | something that may not be null is null",
        "{ | the body is not JSON",
        "[] | no value for field"
      })
  void script_isLeftAlone_byAnythingWrong(String body, String message) throws Exception {
    JsonNode before = json(client.send(client.to("/simulator/script").GET()));

    HttpResponse<String> put = put(body);

    assertThat(put.statusCode()).isEqualTo(400);
    assertThat(json(put).get("error").textValue().trim()).isEqualTo(message);
    assertThat(json(client.send(client.to("/simulator/script").GET()))).isEqualTo(before);
  }

  @Test
  void witness_countsTotals_andForgetsOnDelete() throws Exception {
    client.ask("1", "2");
    client.ask("2");
    client.ask("x");

    JsonNode totals = json(client.send(client.to("/simulator/witness").GET()));
    assertThat(totals)
        .hasToString(
            "{\"calls\":3,\"operations\":0,\"conversions\":3,\"max_times_converted\":2,"
                + "\"outcomes\":{\"answered\":2,\"invalid_ids\":1},"
                + "\"operation_outcomes\":{}}");

    JsonNode detailed =
        json(client.send(client.to("/simulator/witness?ids=true&calls=true").GET()));
    assertThat(detailed.get("ids"))
        .contains(
            GraphJson.MAPPER.readTree(
                "{\"page\":\"100\",\"asid\":\"2\",\"asked\":2,\"converted\":2}"));
    assertThat(detailed.get("log")).hasSize(3);
    assertThat(detailed.at("/log/0/arrived_millis").longValue())
        .isEqualTo(GraphClient.START.toEpochMilli());

    assertThat(client.send(client.to("/simulator/witness").DELETE()).statusCode()).isEqualTo(200);
    assertThat(json(client.send(client.to("/simulator/witness").GET())).get("calls").intValue())
        .isZero();
  }

  @Test
  void otherControlPaths_areNotFound() throws Exception {
    assertThat(client.send(client.to("/simulator/other").GET()).statusCode()).isEqualTo(404);
    assertThat(client.witness.calls()).isEmpty();
  }

  @Test
  void start_fails_whenThePortIsTaken() {
    SimulatorScript script = new SimulatorScript("");

    assertThatThrownBy(
            () -> SimulatedGraph.start(client.graph.port(), script, () -> GraphClient.START))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(Integer.toString(client.graph.port()));
  }

  private HttpResponse<String> put(String body) throws Exception {
    return client.send(client.to("/simulator/script").PUT(BodyPublishers.ofString(body)));
  }
}
