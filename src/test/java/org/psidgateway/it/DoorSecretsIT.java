package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.LegacyClient.form;
import static org.psidgateway.it.LegacyClient.proof;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.api.Http;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.testing.Collector;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;

/** With the door in use, nothing that a pod writes or shows holds a token, a proof or an id. */
class DoorSecretsIT {
  private static final String TOKEN = "EAABsbCS1ecret0fAPage";
  private static final String WRONG = "EAABwrongT0ken0fNobody";
  private static final long ASID = 910_000_000_000_003L;
  private static final String TRACE = "88888888888888888888888888888888";

  @Test
  void noSecret_andNoId_isLogged_counted_orTraced() throws IOException {
    try (World world = new World();
        Collector collector = new Collector();
        Pod pod =
            collector
                .fed(world.pod())
                .with("gateway.door.enabled", "true")
                .with("gateway.pages.\"100\".token", TOKEN)
                .with("quarkus.http.access-log.enabled", "true")
                .start()) {
      world.script().page(World.PAGE, TOKEN);
      Gateway gateway = new Gateway(pod);
      gateway.put("/v1/logging/org.psidgateway", "{\"level\":\"DEBUG\"}");
      LegacyClient client = new LegacyClient(pod, TOKEN);
      String query = form(client.parameters(Long.toString(ASID)));
      String wrong = query.replace(TOKEN, WRONG);
      for (String path :
          List.of("/pages_id_mapping", "/v6.0/pages_id_mapping", "/vx/pages_id_mapping")) {
        for (String sent :
            List.of(query, wrong, query + "&user_ids=x", query + "&appsecret_time=1")) {
          LegacyClient.send(traced(client, path + "?" + sent).POST(BodyPublishers.noBody()));
          LegacyClient.send(traced(client, path + "?" + sent).GET());
          LegacyClient.send(
              traced(client, path)
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(BodyPublishers.ofString(sent)));
        }
      }
      LegacyClient.send(
          traced(client, "/pages_id_mapping")
              .header("Authorization", "Bearer " + TOKEN)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("{\"user_ids\":" + TOKEN)));
      LegacyClient.send(traced(client, "/me/accounts?" + query).GET());
      Http.raw(
          pod.uri("/"),
          "POST /pages_id_mapping?{" + query + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(client.map(Long.toString(ASID)).status()).isEqualTo(200);

      Awaitility.await().until(() -> collector.spans().size() > 30);
      String psid = Long.toString(SimulatedGraph.psidOf(World.PAGE, ASID));
      String[] secrets = {
        TOKEN, WRONG, proof(TOKEN), LegacyClient.SECRET, Long.toString(ASID), psid
      };
      assertThat(pod.log()).contains("door:100", "/me/accounts").doesNotContain(secrets);
      assertThat(gateway.metrics()).contains("gateway_door").doesNotContain(secrets);
      assertThat(collector.received()).contains("pages_id_mapping").doesNotContain(secrets);
      String problem =
          LegacyClient.send(
                  client.to("/vx/pages_id_mapping?" + query).POST(BodyPublishers.noBody()))
              .response()
              .body();
      assertThat(problem).doesNotContain(secrets);
    }
  }

  private static HttpRequest.Builder traced(LegacyClient client, String path) {
    return client.to(path).header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");
  }
}
