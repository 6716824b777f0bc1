package org.psidgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.simulator.GraphClient.SECRET;
import static org.psidgateway.simulator.GraphClient.TOKEN;
import static org.psidgateway.simulator.GraphClient.json;
import static org.psidgateway.simulator.GraphClient.psid;
import static org.psidgateway.simulator.GraphClient.usual;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProofAndRequestTest {
  private final GraphClient client = new GraphClient();

  @AfterEach
  void stop() {
    client.close();
  }

  @Test
  void hmac_isThePublishedOne_forThePublishedVector() {
    assertThat(ProofCheck.hmac("APP_SECRET", "ACCESS_TOKEN"))
        .isEqualTo("a727796e1b4e9053916f82f7a0b90f240862b289bb3c9ac5ff6e2231e18a491c");
  }

  @Test
  void call_isRefused_withoutProofOrWithAWrongOne() throws Exception {
    Map<String, String> form = usual("1");
    form.remove("appsecret_proof");
    HttpResponse<String> missing = client.post("/pages_id_mapping", form);
    form.put("appsecret_proof", ProofCheck.hmac("another", TOKEN));
    HttpResponse<String> wrong = client.post("/pages_id_mapping", form);

    assertProofError(missing, "API calls from the server require an appsecret_proof argument");
    assertProofError(wrong, "Invalid appsecret_proof provided in the API argument");
    assertThat(client.witness.outcomes()).containsOnly(Map.entry("proof", 2));
  }

  @Test
  void call_needsNoProof_whenSwitchedOff() throws Exception {
    client.script.change(s -> s.proofRequired = false);
    Map<String, String> form = usual("1");
    form.remove("appsecret_proof");

    assertThat(json(client.post("/pages_id_mapping", form)).has("1")).isTrue();

    form.put("appsecret_proof", "wrong");
    assertProofError(
        client.post("/pages_id_mapping", form),
        "Invalid appsecret_proof provided in the API argument");
  }

  @Test
  void timedProof_holdsForFiveMinutes() throws Exception {
    String time = Long.toString(GraphClient.START.getEpochSecond());
    Map<String, String> form = usual("1");
    form.put("appsecret_proof", ProofCheck.hmac(SECRET, TOKEN + "|" + time));
    form.put("appsecret_time", time);

    client.passes(Duration.ofSeconds(300));
    assertThat(json(client.post("/pages_id_mapping", form)).has("1")).isTrue();
    client.passes(Duration.ofSeconds(1));
    assertProofError(
        client.post("/pages_id_mapping", form),
        "Invalid appsecret_proof provided in the API argument");
  }

  @Test
  void timedProof_isWrong_withoutItsTime() throws Exception {
    String time = Long.toString(GraphClient.START.getEpochSecond());
    Map<String, String> form = usual("1");
    form.put("appsecret_proof", ProofCheck.hmac(SECRET, TOKEN + "|" + time));

    assertThat(client.post("/pages_id_mapping", form).statusCode()).isEqualTo(400);
  }

  @Test
  void page_followsFromTheToken_onAVersionedPathToo() throws Exception {
    Map<String, String> form = usual("42");
    form.put("access_token", "token-of-200");
    form.put("appsecret_proof", ProofCheck.hmac(SECRET, "token-of-200"));

    JsonNode answer = json(client.post("/v6.0/pages_id_mapping", form));

    assertThat(answer.at("/42/id").textValue())
        .isEqualTo(psid(200, 42))
        .isNotEqualTo(psid(100, 42));
    assertThat(client.witness.timesConverted(200, 42)).isEqualTo(1);
    assertThat(client.witness.timesConverted(100, 42)).isZero();
  }

  @Test
  void token_isTaken_fromTheHeaderUnderBothNames() throws Exception {
    Map<String, String> form = usual("42");
    form.remove("access_token");
    for (String scheme : new String[] {"Bearer", "OAuth"}) {
      var request =
          client
              .to("/pages_id_mapping")
              .header("Authorization", scheme + " " + TOKEN)
              .POST(BodyPublishers.ofString(GraphClient.encode(form)));
      assertThat(json(client.send(request)).has("42")).as(scheme).isTrue();
    }
  }

  @Test
  void parameters_areTaken_fromQueryAndFromJson() throws Exception {
    String query = GraphClient.encode(usual("42"));
    assertThat(json(client.post("/pages_id_mapping?" + query, Map.of())).has("42")).isTrue();

    var request =
        client
            .to("/pages_id_mapping?access_token=" + TOKEN)
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    "{\"user_ids\":[\"42\",43],\"appsecret_proof\":\"%s\"}"
                        .formatted(ProofCheck.hmac(SECRET, TOKEN))));
    assertThat(json(client.send(request)).fieldNames()).toIterable().containsExactly("42", "43");
  }

  private static void assertProofError(HttpResponse<String> response, String message)
      throws Exception {
    assertThat(response.statusCode()).isEqualTo(400);
    JsonNode error = json(response).get("error");
    assertThat(error.get("code").intValue()).isEqualTo(100);
    assertThat(error.get("type").textValue()).isEqualTo("GraphMethodException");
    assertThat(error.get("message").textValue()).isEqualTo(message);
  }
}
