package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.psidgateway.it.LegacyClient.form;
import static org.psidgateway.it.LegacyClient.proof;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.it.LegacyClient.Reply;
import org.psidgateway.model.Sha256;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;

/** Programs that know only the Graph API, at the door of the package: every row of its errors. */
class DoorIT {
  private static final String TOKEN = "token-of-100";
  private static final String OTHER_TOKEN = "token-of-200";

  private final World world = new World();

  DoorIT() {
    world.rejectSomeIds();
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private Pod.Settings open() {
    return world.pod().with("gateway.door.enabled", "true").with("gateway.door.wait", "PT10S");
  }

  private static String psid(long asid) {
    return Long.toString(SimulatedGraph.psidOf(World.PAGE, asid));
  }

  @Test
  void requestsOfEveryForm_areAnsweredLikeGraph() {
    try (Pod pod =
        open().with("gateway.pace.calls", "1000").with("gateway.pace.per", "PT1H").start()) {
      LegacyClient client = new LegacyClient(pod, TOKEN);
      Reply first = client.map("11,12,1404");
      assertThat(first.status()).isEqualTo(200);
      assertThat(first.header("Content-Type")).startsWith("application/json");
      assertThat(first.header("X-App-Usage")).startsWith("{\"call_count\":1,");
      assertThat(first.response().body())
          .isEqualTo("{\"11\":{\"id\":\"" + psid(11) + "\"},\"12\":{\"id\":\"" + psid(12) + "\"}}");

      String query = form(client.parameters("11"));
      String json =
          "{\"access_token\":\"%s\",\"appsecret_proof\":\"%s\",\"user_ids\":[\"11\",\"12\"]}"
              .formatted(TOKEN, proof(TOKEN));
      String withoutToken =
          form(Map.of("appsecret_proof", proof(TOKEN), "user_ids", "11", "pretty", "0"));
      List<Reply> others =
          List.of(
              LegacyClient.send(
                  client.to("/v2.11/pages_id_mapping?" + query).POST(BodyPublishers.noBody())),
              client.postJson("/v26.0/pages_id_mapping/", json),
              LegacyClient.send(
                  client
                      .to("/pages_id_mapping")
                      .header("Authorization", "OAuth " + TOKEN)
                      .header("Accept", "text/javascript")
                      .header("Content-Type", "application/x-www-form-urlencoded")
                      .POST(BodyPublishers.ofString(withoutToken))));
      assertThat(others).allSatisfy(reply -> assertThat(reply.psid(11)).isEqualTo(psid(11)));
      assertThat(world.witness().calls()).hasSize(1);
      assertThat(
              new Gateway(pod)
                  .get("/v1/quota/entries")
                  .body()
                  .at("/items/0/callers/door:100")
                  .asInt())
          .isEqualTo(3);
      assertThat(new Gateway(pod).metrics())
          .contains(
              "gateway_door_requests_seconds_count{code=\"none\"} 4",
              "gateway_door_requests_seconds_count{code=\"190\"} 0",
              "uri=\"/{version}/pages_id_mapping\"",
              "uri=\"/pages_id_mapping\"");
    }
  }

  @Test
  void whatIsWrongWithARequest_hasItsCode_andSpendsNothing() {
    try (Pod pod = open().start()) {
      LegacyClient client = new LegacyClient(pod, TOKEN);
      Reply noToken = client.post(Map.of("user_ids", "1"));
      assertThat(noToken.refusal()).isEqualTo("104 400 false");
      assertThat(noToken.error().path("fbtrace_id").asText())
          .isEqualTo(noToken.header("X-Request-Id"))
          .isNotEmpty();
      assertThat(noToken.error().path("type").asText()).isEqualTo("OAuthException");
      assertThat(new LegacyClient(pod, "unknown").map("1").refusal()).isEqualTo("190 400 false");

      Map<String, String> parameters = client.parameters("1");
      parameters.remove("appsecret_proof");
      Reply noProof = client.post(parameters);
      assertThat(noProof.refusal()).isEqualTo("100 400 false");
      assertThat(noProof.error().path("message").asText())
          .isEqualTo("API calls from the server require an appsecret_proof argument");
      parameters.put("appsecret_proof", proof(OTHER_TOKEN));
      Reply wrong = client.post(parameters);
      assertThat(wrong.refusal()).isEqualTo("100 400 false");
      assertThat(wrong.error().path("message").asText())
          .isEqualTo("Invalid appsecret_proof provided in the API argument");
      assertThat(wrong.error().path("type").asText()).isEqualTo("GraphMethodException");
      assertThat(client.post(timed(client, Instant.now().minusSeconds(400))).refusal())
          .isEqualTo("100 400 false");

      assertThat(client.map("").refusal()).isEqualTo("100 400 false");
      assertThat(client.map(list(201)).refusal()).isEqualTo("105 400 false");
      assertThat(world.witness().calls()).isEmpty();
      assertThat(client.post(timed(client, Instant.now())).psid(7)).isEqualTo(psid(7));
      assertThat(client.map(list(200)).body()).hasSize(200);
    }
  }

  private static Map<String, String> timed(LegacyClient client, Instant at) {
    Map<String, String> parameters = client.parameters("7");
    String time = Long.toString(at.getEpochSecond());
    byte[] key = LegacyClient.SECRET.getBytes(StandardCharsets.UTF_8);
    parameters.put("appsecret_time", time);
    parameters.put(
        "appsecret_proof", HexFormat.of().formatHex(Sha256.hmac(key, TOKEN + "|" + time)));
    return parameters;
  }

  private static String list(int ids) {
    return LongStream.rangeClosed(1, ids)
        .map(id -> 70_000 + 2 * id + 1)
        .mapToObj(Long::toString)
        .collect(Collectors.joining(","));
  }

  @Test
  void badIds_areListed_orLeftOut() {
    try (Pod pod = open().start()) {
      LegacyClient client = new LegacyClient(pod, TOKEN);
      Reply refused = client.map("21,77x,5551000");
      assertThat(refused.refusal()).isEqualTo("100 400 false");
      assertThat(refused.error().at("/error_data/invalid_ids"))
          .extracting(id -> id.asText())
          .containsExactlyInAnyOrder("77x", "5551000");
      Map<String, String> parameters = client.parameters("21,77x,5551000");
      parameters.put("ignore_invalid_ids", "true");
      Reply answered = client.post(parameters);
      assertThat(answered.status()).isEqualTo(200);
      assertThat(answered.body()).hasSize(1);
      assertThat(answered.psid(21)).isEqualTo(psid(21));
    }
  }

  @Test
  void pageThatIsPaused_orItsTokenRefused_isAnswered10_and190() {
    try (Pod pod = open().start()) {
      LegacyClient client = new LegacyClient(pod, TOKEN);
      Gateway gateway = new Gateway(pod);
      assertThat(client.map("31").status()).isEqualTo(200);
      gateway.put("/v1/pages/100", "{\"paused\":true}");
      assertThat(client.map("32").refusal()).isEqualTo("10 403 false");
      assertThat(client.map("31").psid(31)).as("known already").isEqualTo(psid(31));
      gateway.put("/v1/pages/100", "{\"paused\":false}");

      world.script().page(World.PAGE, "token-next");
      assertThat(client.map("33").refusal()).isEqualTo("190 400 false");
      assertThat(client.map("31").refusal()).as("a dead token").isEqualTo("190 400 false");
      gateway.put("/v1/pages/100/token", "{\"access_token\":\"token-next\"}");
      assertThat(client.map("31").refusal()).isEqualTo("190 400 false");
      assertThat(new LegacyClient(pod, "token-next").map("31,33").psid(33)).isEqualTo(psid(33));
    }
  }

  @Test
  void upstreamThatThrottles_orIsSlow_isAnsweredAsTransient() {
    try (Pod pod =
        open().with("gateway.door.wait", "PT2S").with("gateway.cooldown.initial", "PT8S").start()) {
      LegacyClient client = new LegacyClient(pod, TOKEN);
      warm(client, "40");
      int before = world.witness().calls().size();
      world.script().fault(Fault.slow(4_000).times(1));
      Reply slow = client.map("41");
      assertThat(slow.refusal()).isEqualTo("2 500 true");
      assertThat(slow.header("Retry-After")).isNotEmpty();
      warm(client, "41");
      assertThat(world.witness().calls()).as("joined, not asked again").hasSize(before + 1);

      world.script().fault(Fault.throttled().times(1));
      Reply throttled = client.map("42");
      assertThat(throttled.refusal()).isEqualTo("4 403 true");
      assertThat(throttled.header("X-App-Usage")).contains("call_count");
      assertThat(client.map("41").psid(41)).as("known already").isEqualTo(psid(41));
    }
  }

  /** The first conversion of a pod takes longer. */
  private static void warm(LegacyClient client, String ids) {
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> client.map(ids).status() == 200);
  }

  @Test
  void limitsOfTheDoorAndOfTheApp_areCode4_andTheEndIsCode12() {
    try (Pod pod =
        open()
            .with("gateway.quota.ceiling", "2")
            .with("gateway.quota.reserve-floor", "0")
            .with("gateway.door.ids-per-minute", "5")
            .start()) {
      LegacyClient client = new LegacyClient(pod, TOKEN);
      assertThat(client.map("51,52").status()).isEqualTo(200);
      assertThat(client.map("53").refusal()).isEqualTo("4 403 false");
      assertThat(client.map("51,52,53,54,55").refusal()).isEqualTo("4 403 true");
      new Gateway(pod).post("/v1/window/seal");
      assertThat(new LegacyClient(pod, OTHER_TOKEN).map("51").refusal()).isEqualTo("12 400 false");
    }
  }

  @Test
  void readersAlone_areAnsweredWhatIsKnown() {
    try (Pod pod = open().with("gateway.door.roles", "read").start()) {
      new Gateway(pod).resolve(World.PAGE, 10, 56);
      LegacyClient client = new LegacyClient(pod, TOKEN);
      assertThat(client.map("56").psid(56)).isEqualTo(psid(56));
      assertThat(client.map("57").refusal()).isEqualTo("10 403 false");
    }
  }

  @Test
  void knownIds_areAnsweredWithoutPostgres_othersAreNotReady() {
    try (FaultyProxy postgres = new FaultyProxy(world.database.port());
        Pod pod =
            open()
                .withDatabase(world.database.through(postgres).jdbcUrl())
                .with("gateway.door.wait", "PT3S")
                .start()) {
      LegacyClient client = new LegacyClient(pod, TOKEN);
      warm(client, "61");
      postgres.cut();
      assertThat(client.map("61").psid(61)).isEqualTo(psid(61));
      assertThat(client.map("62").refusal()).isEqualTo("2 500 true");
      assertThat(client.map("61,62").refusal()).isEqualTo("2 500 true");
    }
  }

  @Test
  void hostileRequests_areRefused_inGraphsForm() {
    try (Pod pod = open().start()) {
      LegacyClient client = new LegacyClient(pod, TOKEN);
      String form = form(client.parameters("1"));
      Reply get = LegacyClient.send(client.to("/v6.0/pages_id_mapping?" + form).GET());
      assertThat(get.refusal()).isEqualTo("100 405 false");
      assertThat(get.header("Allow")).isEqualTo("OPTIONS, POST");
      assertThat(refusal(client, "/pages_id_mapping", "multipart/form-data; boundary=x", form))
          .isEqualTo("100 415 false");
      assertThat(refusal(client, "/pages_id_mapping", "nonsense", form))
          .matches("100 4(00|15) false");
      assertThat(refusal(client, "/pages_id_mapping", "application/json", "{"))
          .isEqualTo("100 400 false");
      assertThat(refusal(client, "/pages_id_mapping?access_token=other", "application/json", form))
          .isEqualTo("100 400 false");
      assertThat(
              LegacyClient.send(
                      client
                          .to("/pages_id_mapping")
                          .header("Content-Encoding", "gzip")
                          .POST(BodyPublishers.ofString(form)))
                  .refusal())
          .isEqualTo("100 415 false");
      assertThat(
              refusal(
                  client,
                  "/pages_id_mapping",
                  "application/x-www-form-urlencoded",
                  form + "&x=" + "y".repeat(3 << 20)))
          .isEqualTo("100 413 false");
      assertThat(client.map("1,".repeat(10_000)).refusal()).isEqualTo("105 400 false");
      String most = "10154673853349851,".repeat(199) + "10154673853349851";
      Reply query =
          LegacyClient.send(
              client
                  .to("/pages_id_mapping?" + form(client.parameters(most)))
                  .POST(BodyPublishers.noBody()));
      assertThat(query.status()).as("200 ids of 17 digits in a query").isEqualTo(200);
      Reply elsewhere = client.postJson("/vx/pages_id_mapping", "{}");
      assertThat(elsewhere.status()).isEqualTo(404);
      assertThat(elsewhere.header("Content-Type")).isEqualTo("application/problem+json");
      assertThat(client.map("1").status()).isEqualTo(200);
    }
  }

  private static String refusal(LegacyClient client, String path, String type, String body) {
    HttpRequest.Builder request = client.to(path).header("Content-Type", type);
    return LegacyClient.send(request.POST(BodyPublishers.ofString(body))).refusal();
  }

  @Test
  void tokenOfAPage_opensNothingElse() {
    try (Pod pod = open().start()) {
      for (String path : List.of("/v1/pages", "/v1/quota", "/v1/pages/100?access_token=" + TOKEN)) {
        Reply reply =
            LegacyClient.send(
                HttpRequest.newBuilder(pod.uri(path)).header("Authorization", "Bearer " + TOKEN));
        assertThat(reply.status()).as(path).isEqualTo(401);
      }
      assertThat(new LegacyClient(pod, Pod.KEY).map("1").refusal()).isEqualTo("190 400 false");
    }
  }

  @Test
  void idMatching_answersTheSameProgram() {
    try (Pod pod = open().with("gateway.upstream.kind", "id-matching").start()) {
      LegacyClient client = new LegacyClient(pod, TOKEN);
      assertThat(client.map("71,72,1404").body()).hasSize(2);
      assertThat(client.map("71").psid(71)).isEqualTo(psid(71));
      assertThat(new LegacyClient(pod, OTHER_TOKEN).map("71").psid(71))
          .isEqualTo(Long.toString(SimulatedGraph.psidOf(200, 71)));
      assertThat(client.map("71,5551000").refusal()).startsWith("100 400");
      assertThat(world.witness().operations().stream().filter(op -> op.id() == 71)).hasSize(1);
    }
  }

  @Test
  void door_withoutTheSecret_stopsTheStart() {
    assertThat(catchThrowable(() -> open().without("gateway.app.secret").start()))
        .hasMessageContaining("gateway.door.enabled needs gateway.app.secret");
  }
}
