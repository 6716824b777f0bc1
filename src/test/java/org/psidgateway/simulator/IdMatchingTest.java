package org.psidgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.simulator.GraphClient.APP_TOKEN;
import static org.psidgateway.simulator.GraphClient.SECRET;
import static org.psidgateway.simulator.GraphClient.START;
import static org.psidgateway.simulator.GraphClient.TOKEN;
import static org.psidgateway.simulator.GraphClient.batchForm;
import static org.psidgateway.simulator.GraphClient.body;
import static org.psidgateway.simulator.GraphClient.json;
import static org.psidgateway.simulator.GraphClient.psid;
import static org.psidgateway.simulator.GraphClient.rows;
import static org.psidgateway.simulator.GraphClient.withApp;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.simulator.SimulatorScript.Mode;

class IdMatchingTest {
  private final GraphClient client = new GraphClient();

  @AfterEach
  void stop() {
    client.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"7/ids_for_pages", "/7/ids_for_pages", "v19.0/7/ids_for_pages"})
  void rows_areThoseOfAllPages_howeverTheUrlIsWritten(String url) throws Exception {
    JsonNode element = client.batchJson(url).get(0);

    assertThat(element.get("code").intValue()).isEqualTo(200);
    assertThat(rows(body(element))).containsExactly("100:" + psid(100, 7), "200:" + psid(200, 7));
    assertThat(body(element).at("/paging/next").isMissingNode()).isTrue();
    assertThat(body(element).at("/paging/cursors/after").isTextual()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/v26.0", "/v26.0/"})
  void batch_isTaken_atTheRoot(String path) throws Exception {
    assertThat(json(client.post(path, batchForm("7/ids_for_pages")))).hasSize(1);
  }

  @Test
  void bothApis_sayTheSameOfAPerson() throws Exception {
    client.script.change(
        s -> {
          s.partialSuffixes = List.of("206");
          s.unmappedSuffixes = List.of("404");
        });
    List<String> ids = new ArrayList<>(List.of("404", "10154673853349851", "1001789542988"));
    IntStream.range(1, 41).forEach(i -> ids.add(i + "206"));

    JsonNode onePage = client.askJson(ids.toArray(String[]::new));
    List<String> matched = new ArrayList<>();
    for (String id : ids) {
      JsonNode data = body(client.batchJson(id + "/ids_for_pages?page=100").get(0)).get("data");
      assertThat(data.at("/0/id").textValue())
          .as(id)
          .isEqualTo(onePage.at("/" + id + "/id").textValue());
      assertThat(client.script.maps(100, Long.parseLong(id))).isEqualTo(!data.isEmpty());
      if (!data.isEmpty()) {
        matched.add(id);
      }
    }
    assertThat(matched).contains("10154673853349851", "1001789542988").hasSizeBetween(12, 32);
  }

  @Test
  void unknownObject_isNamed_andTheOthersAreAnswered() throws Exception {
    client.script.change(s -> s.invalidSuffixes = List.of("000"));

    JsonNode answer =
        client.batchJson("5551000/ids_for_pages", "7/ids_for_pages", "me.too/ids_for_pages", "7/x");

    assertThat(answer.get(0).get("code").intValue()).isEqualTo(400);
    JsonNode error = body(answer.get(0)).get("error");
    assertThat(error.get("message").textValue())
        .isEqualTo(
            "Unsupported get request. Object with ID '5551000' does not exist, cannot be loaded due"
                + " to missing permissions, or does not support this operation. Please read the"
                + " Graph API documentation at https://developers.facebook.com/docs/graph-api");
    assertThat(error.get("type").textValue()).isEqualTo("GraphMethodException");
    assertThat(error.get("error_subcode").intValue()).isEqualTo(33);
    assertThat(answer.get(1).get("code").intValue()).isEqualTo(200);
    assertThat(body(answer.get(2)).at("/error/code").intValue()).isEqualTo(803);
    assertThat(body(answer.get(3)).at("/error/code").intValue()).isEqualTo(2500);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, -, 104",
        "1|wrong, right, 190",
        "2|s3cret, right, 190",
        "broken, right, 190",
        "1|s3cret, -, 100",
        "1|s3cret, wrong, 100"
      })
  void batch_isRefused_withoutTokenAndProofOfTheApp(String token, String proof, int code)
      throws Exception {
    client.script.change(s -> s.brokenTokens.put("broken", 463));
    Map<String, String> form = batchForm("7/ids_for_pages");
    form.put("access_token", token == null ? "" : token);
    form.put(
        "appsecret_proof",
        proof == null ? "" : ProofCheck.hmac("right".equals(proof) ? SECRET : "x", token));

    HttpResponse<String> response = client.post("/", form);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).at("/error/code").intValue()).isEqualTo(code);
    assertThat(client.witness.operations())
        .singleElement()
        .satisfies(o -> assertThat(o.code()).isEqualTo(code));
  }

  @Test
  void timedProof_holdsForFiveMinutes() throws Exception {
    String time = Long.toString(START.getEpochSecond());
    Map<String, String> form = batchForm("7/ids_for_pages");
    form.put("appsecret_proof", ProofCheck.hmac(SECRET, APP_TOKEN + "|" + time));
    form.put("appsecret_time", time);

    client.passes(Duration.ofSeconds(300));
    assertThat(json(client.post("/", form)).isArray()).isTrue();
    client.passes(Duration.ofSeconds(1));
    assertThat(json(client.post("/", form)).at("/error/type").textValue())
        .isEqualTo("GraphMethodException");
  }

  @Test
  void operation_mayHaveATokenOfItsOwn_withItsOwnProof() throws Exception {
    client.ask("7");
    String url = psid(100, 7) + "/ids_for_apps?access_token=" + TOKEN;

    JsonNode answer =
        client.batchJson(
            url + "&appsecret_proof=" + ProofCheck.hmac(SECRET, TOKEN), url, "7/ids_for_apps");

    assertThat(body(answer.get(0)).at("/data/0/id").textValue()).isEqualTo("7");
    assertThat(body(answer.get(1)).at("/error/message").textValue()).contains("appsecret_proof");
    assertThat(body(answer.get(2)).at("/error/code").intValue()).isEqualTo(210);
  }

  @Test
  void psid_isUnknown_toAnotherPage() throws Exception {
    client.ask("7");
    Map<String, String> form = withApp();
    form.put("access_token", TOKEN);
    form.put("appsecret_proof", ProofCheck.hmac(SECRET, TOKEN));

    JsonNode own = get("/v26.0/" + psid(100, 7) + "/ids_for_pages", form);
    JsonNode foreign = get("/" + psid(200, 7) + "/ids_for_apps", form);

    assertThat(rows(own)).containsExactly("100:" + psid(100, 7), "200:" + psid(200, 7));
    assertThat(foreign.at("/error/error_subcode").intValue()).isEqualTo(33);
  }

  @Test
  void node_hasTheFieldsAskedFor_butNoEmptyEdge() throws Exception {
    client.script.change(s -> s.unmappedIds = Set.of(8L));
    Map<String, String> form = withApp();
    form.put("fields", "id,name,ids_for_pages.limit(5){id,page{id}}");

    assertThat(rows(get("/7", form).get("ids_for_pages"))).hasSize(2);
    assertThat(get("/8", form)).hasToString("{\"name\":\"A Person\",\"id\":\"8\"}");
  }

  @Test
  void batch_isRefused_whenTooLongOrNone() throws Exception {
    String[] many =
        IntStream.range(1, 52).mapToObj(i -> i + "/ids_for_pages").toArray(String[]::new);

    HttpResponse<String> tooLong = client.batch(many);
    Map<String, String> none = withApp();
    none.put("batch", "{}");

    assertThat(tooLong.statusCode()).isEqualTo(400);
    assertThat(json(tooLong).at("/error/type").textValue()).isEqualTo("GraphBatchException");
    assertThat(json(tooLong).get("error").has("code")).isFalse();
    assertThat(json(client.post("/", none)).at("/error/code").intValue()).isEqualTo(100);
    assertThat(client.witness.outcomes())
        .containsOnly(Map.entry("batch_too_large", 1), Map.entry("no_batch", 1));
  }

  @Test
  void headers_areLeftOut_onDemand() throws Exception {
    Map<String, String> form = batchForm("7/ids_for_pages");
    assertThat(json(client.post("/", form)).get(0).get("headers").findValuesAsText("name"))
        .contains("Content-Type");
    form.put("include_headers", "false");
    assertThat(json(client.post("/", form)).get(0).has("headers")).isFalse();
  }

  @Test
  void retiredApi_leavesIdMatchingAlone_butAMissingPermissionDoesNot() throws Exception {
    client.script.change(s -> s.mode = Mode.RETIRED);
    assertThat(rows(body(client.batchJson("7/ids_for_pages").get(0)))).hasSize(2);
    client.script.change(s -> s.mode = Mode.NOT_ALLOWED);
    assertThat(client.errorCode("7/ids_for_pages")).isEqualTo(10);
  }

  private JsonNode get(String path, Map<String, String> parameters) throws Exception {
    return json(client.send(client.to(path + "?" + GraphClient.encode(parameters)).GET()));
  }
}
