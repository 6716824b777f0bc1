package org.psidgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.simulator.GraphClient.json;
import static org.psidgateway.simulator.GraphClient.usual;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.simulator.SimulatorScript.ErrorDataStyle;
import org.psidgateway.simulator.SimulatorScript.Mode;

class RefusalsTest {
  private final GraphClient client = new GraphClient();

  @AfterEach
  void stop() {
    client.close();
  }

  @Test
  void code104_isAnswered_withoutToken() throws Exception {
    HttpResponse<String> response = client.post("/pages_id_mapping", Map.of("user_ids", "1"));

    assertError(response, 400, 104, "An access token is required to request this resource.");
    assertThat(response.headers().firstValue("WWW-Authenticate"))
        .hasValue(
            "OAuth \"Facebook Platform\" \"invalid_request\""
                + " \"An access token is required to request this resource.\"");
    assertThat(json(response).at("/error/fbtrace_id").textValue()).isNotEmpty();
  }

  @Test
  void code190_isAnswered_toUnknownAndBrokenTokens() throws Exception {
    Map<String, String> form = usual("1");
    form.put("access_token", "never-heard-of");
    JsonNode unknown = json(client.post("/pages_id_mapping", form));
    client.script.change(s -> s.brokenTokens.put(GraphClient.TOKEN, 463));
    JsonNode expired = client.askJson("1");

    assertThat(unknown.at("/error/code").intValue()).isEqualTo(190);
    assertThat(unknown.get("error").has("error_subcode")).isFalse();
    assertThat(expired.at("/error/code").intValue()).isEqualTo(190);
    assertThat(expired.at("/error/error_subcode").intValue()).isEqualTo(463);
    assertThat(client.witness.outcomes()).containsOnly(Map.entry("token_invalid", 2));
  }

  @Test
  void code210_isAnswered_toATokenOfNoPage() throws Exception {
    client.script.change(s -> s.otherTokens.add("of-a-user"));
    Map<String, String> form = usual("1");
    form.put("access_token", "of-a-user");

    assertError(
        client.post("/pages_id_mapping", form),
        403,
        210,
        "(#210) A page access token is required to request this resource.");
  }

  @Test
  void tooManyIds_areRefused_above200() throws Exception {
    String[] ids = IntStream.rangeClosed(1, 201).mapToObj(Integer::toString).toArray(String[]::new);
    assertThat(client.askJson(ids).at("/error/code").intValue()).isEqualTo(105);
    assertThat(client.witness.conversions()).isZero();

    client.script.change(s -> s.tooManyIdsCode = 100);
    assertThat(client.askJson(ids).at("/error/code").intValue()).isEqualTo(100);

    client.script.change(s -> s.maxIds = 201);
    assertThat(client.askJson(ids)).hasSize(201);
  }

  @Test
  void invalidIds_areListed_inEveryStyle() throws Exception {
    client.script.change(s -> s.invalidSuffixes.add("000"));
    String[] ids = {"5", "7000", "12_34", "99999999999999999999", "012"};
    String list = "[\"7000\",\"12_34\",\"99999999999999999999\",\"012\"]";

    HttpResponse<String> usual = client.ask(ids);
    assertError(usual, 400, 100, "(#100) Invalid user_ids");
    JsonNode asString = errorData(usual);
    assertThat(asString.isTextual()).isTrue();
    assertThat(asString.textValue()).isEqualTo("{\"invalid_ids\":" + list + "}");

    client.script.change(s -> s.errorDataStyle = ErrorDataStyle.OBJECT);
    assertThat(errorData(client.ask(ids))).hasToString("{\"invalid_ids\":" + list + "}");
    client.script.change(s -> s.errorDataStyle = ErrorDataStyle.LIST);
    assertThat(errorData(client.ask(ids))).hasToString(list);
    client.script.change(s -> s.errorDataStyle = ErrorDataStyle.COMMA_STRING);
    assertThat(errorData(client.ask(ids)).textValue())
        .isEqualTo("7000,12_34,99999999999999999999,012");
    client.script.change(s -> s.errorDataStyle = ErrorDataStyle.ECHO);
    assertThat(errorData(client.ask(ids)).path("user_ids").textValue())
        .isEqualTo(String.join(",", ids));
    client.script.change(s -> s.errorDataStyle = ErrorDataStyle.ABSENT);
    assertThat(errorData(client.ask(ids)).isMissingNode()).isTrue();

    assertThat(client.witness.conversions()).isZero();
    assertThat(client.witness.timesAsked(100, 7000)).isEqualTo(6);
  }

  @Test
  void invalidIds_areLeftOut_whenIgnored() throws Exception {
    Map<String, String> form = usual("5", "x", "6");
    form.put("ignore_invalid_ids", "true");

    JsonNode answer = json(client.post("/pages_id_mapping", form));

    assertThat(answer.fieldNames()).toIterable().containsExactly("5", "6");
  }

  @Test
  void closedWindow_isSignalled_inManyWays() throws Exception {
    client.script.change(s -> s.mode = Mode.RETIRED);
    assertThat(client.askJson("1").at("/error/code").intValue()).isEqualTo(12);
    client.script.change(s -> s.mode = Mode.RETIRED_PATH);
    assertError(client.ask("1"), 400, 2500, "Unknown path components: /pages_id_mapping");
    client.script.change(s -> s.mode = Mode.RETIRED_ALIAS);
    assertThat(client.askJson("1").at("/error/code").intValue()).isEqualTo(803);
    client.script.change(s -> s.mode = Mode.RETIRED_OBJECT);
    assertThat(client.askJson("1").at("/error/error_subcode").intValue()).isEqualTo(33);
    client.script.change(s -> s.mode = Mode.RETIRED_VERSION);
    assertThat(client.askJson("1").at("/error/code").intValue()).isEqualTo(2635);
    client.script.change(s -> s.mode = Mode.NOT_ALLOWED);
    assertThat(client.askJson("1").at("/error/code").intValue()).isEqualTo(10);
    assertThat(client.witness.outcomes())
        .containsOnly(Map.entry("retired", 5), Map.entry("not_allowed", 1));
  }

  @Test
  void errors_haveTheStatusOfTheScript_orEven200() throws Exception {
    client.script.change(s -> s.statuses.put(100, 422));
    assertThat(client.ask("x").statusCode()).isEqualTo(422);

    client.script.change(s -> s.errorsAsOk = true);
    HttpResponse<String> response = client.ask("x");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response).at("/error/code").intValue()).isEqualTo(100);
  }

  @Test
  void otherPathsAndMethods_areRefused_andSeen() throws Exception {
    assertError(client.post("/xyz", usual("1")), 400, 2500, "Unknown path components: /xyz");
    JsonNode get = json(client.send(client.to("/pages_id_mapping").GET()));
    assertThat(get.at("/error/error_subcode").intValue()).isEqualTo(33);
    assertThat(client.witness.outcomes())
        .containsOnly(Map.entry("unknown_path", 1), Map.entry("not_post", 1));
  }

  @Test
  void unreadableParameters_areRefused_withCode100() throws Exception {
    HttpResponse<String> percent = client.post("/pages_id_mapping?user_ids=%25", Map.of());
    assertThat(json(percent).at("/error/code").intValue()).isEqualTo(104);
    var badForm = client.to("/pages_id_mapping").POST(BodyPublishers.ofString("user_ids=%zz"));
    assertThat(json(client.send(badForm)).at("/error/code").intValue()).isEqualTo(100);
    assertThat(client.askJson().at("/error/message").textValue())
        .isEqualTo("(#100) The parameter user_ids is required");
  }

  private static JsonNode errorData(HttpResponse<String> response) throws Exception {
    return json(response).at("/error/error_data");
  }

  private static void assertError(
      HttpResponse<String> response, int status, int code, String message) throws Exception {
    assertThat(response.statusCode()).isEqualTo(status);
    JsonNode error = json(response).get("error");
    assertThat(error.get("code").intValue()).isEqualTo(code);
    assertThat(error.get("message").textValue()).isEqualTo(message);
    assertThat(error.get("type").textValue()).isEqualTo("OAuthException");
  }
}
