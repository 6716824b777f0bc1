package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.restfb.DefaultFacebookClient;
import com.restfb.Parameter;
import com.restfb.exception.FacebookGraphException;
import com.restfb.exception.FacebookOAuthException;
import com.restfb.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.testing.Pod;
import org.psidgateway.testing.RestFb;

/** A public client, as it is but for the base URL, takes the gateway for the Graph API. */
class DoorRestFbIT {
  private static final String TOKEN = "token-of-100";

  @Test
  void client_readsAnswersAndErrors_asItReadsGraphs() {
    try (World world = new World();
        Pod pod =
            world
                .pod()
                .with("gateway.door.enabled", "true")
                .with("gateway.door.wait", "PT2S")
                .with("gateway.cooldown.initial", "PT8S")
                .start()) {
      DefaultFacebookClient client = client(pod, TOKEN, LegacyClient.SECRET, false);
      await().until(() -> isAnswered(client, "12"));
      JsonObject answer = map(client, "11,12");
      assertThat(answer.get("11").asObject().getString("id", ""))
          .isEqualTo(Long.toString(SimulatedGraph.psidOf(World.PAGE, 11)));
      assertThat(map(client(pod, TOKEN, LegacyClient.SECRET, true), "12").names())
          .containsExactly("12");
      assertThat(map(client, List.of("11", "12")).names()).containsExactly("11", "12");
      assertThat(client.getWebRequestor().getDebugHeaderInfo().getAppUsage().getCallCount())
          .isZero(); // no pace

      FacebookGraphException bad = refused(client, "11,77x");
      assertThat(bad.getErrorCode()).isEqualTo(100);
      assertThat(bad.getRawErrorJson().toString()).contains("\"invalid_ids\":[\"77x\"]");
      assertThat(refused(client(pod, TOKEN, "another", false), "11").getErrorCode()).isEqualTo(100);
      FacebookGraphException dead = refused(client(pod, "dead", LegacyClient.SECRET, false), "11");
      assertThat(dead).isInstanceOf(FacebookOAuthException.class);
      assertThat(dead.getErrorCode()).isEqualTo(190);
      assertThat(dead.getHttpStatusCode()).isEqualTo(400);

      world.script().fault(Fault.slow(4_000).times(1));
      FacebookGraphException slow = refused(client, "13");
      assertThat(slow.getErrorCode()).isEqualTo(2);
      assertThat(slow.getIsTransient()).isTrue();
      await().until(() -> isAnswered(client, "13"));
      world.script().fault(Fault.throttled().times(1));
      FacebookGraphException throttled = refused(client, "14");
      assertThat(throttled.getErrorCode()).isEqualTo(4);
      assertThat(throttled.getHttpStatusCode()).isEqualTo(403);
      assertThat(throttled.getIsTransient()).isTrue();
    }
  }

  private static boolean isAnswered(DefaultFacebookClient client, String ids) {
    try {
      return map(client, ids).names().contains(ids);
    } catch (FacebookGraphException e) {
      return false;
    }
  }

  private static JsonObject map(DefaultFacebookClient client, Object ids) {
    return client.publish("pages_id_mapping", JsonObject.class, Parameter.with("user_ids", ids));
  }

  private static FacebookGraphException refused(DefaultFacebookClient client, String ids) {
    return catchThrowableOfType(FacebookGraphException.class, () -> map(client, ids));
  }

  private static DefaultFacebookClient client(Pod pod, String token, String secret, boolean timed) {
    return RestFb.client(pod.uri("").toString(), token, secret, timed);
  }
}
