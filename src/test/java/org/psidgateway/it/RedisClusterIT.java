package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;
import org.psidgateway.testing.RedisNodes;

/** Two pods and a real cluster of three masters, with the variables that an operator would set. */
class RedisClusterIT {
  private static final long[] IDS = LongStream.range(1, 101).toArray();

  private final World world = new World();
  private final RedisNodes redis = RedisNodes.get();
  private Pod one;
  private Pod two;

  @AfterEach
  void stop() {
    one.close();
    two.close();
    world.close();
  }

  @BeforeEach
  void empty() {
    redis.flush();
  }

  private Pod start() {
    Pod.Settings settings =
        world
            .pod()
            .withVariable("GATEWAY_CACHE_REDIS_ENABLED", "true")
            .with("gateway.cache.redis.timeout", "PT0.15S");
    redis
        .keys()
        .forEach(
            (key, value) ->
                settings.withVariable(
                    "QUARKUS_REDIS_" + key.replace('-', '_').toUpperCase(Locale.ROOT), value));
    return settings.start();
  }

  @Test
  void podsShareAnswersAndNews_andGoOnWithoutANode() throws Exception {
    one = start();
    Map<Long, Long> mappings = new Gateway(one).resolve(PAGE, 10, IDS).mappings();
    assertThat(mappings).hasSize(IDS.length);
    World.assertTrue(PAGE, mappings);
    Awaitility.await().until(() -> redis.size() == IDS.length);

    two = start();
    Gateway.Answer answer = new Gateway(two).resolve(PAGE, 10, IDS);
    assertThat(answer.mappings()).isEqualTo(mappings);
    assertThat(answer.body().path("summary").path("from").path("cache").asInt())
        .isEqualTo(IDS.length);
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> hearsNews(one) && hearsNews(two));

    String page = "/v1/pages/200";
    assertThat(new Gateway(one).put(page, "{\"paused\":true}").status()).isEqualTo(200);
    Awaitility.await()
        .atMost(Duration.ofSeconds(1))
        .until(() -> new Gateway(two).get(page).body().path("paused").asBoolean());

    redis.node(1).kill();
    try {
      for (long id = 1001; id < 1021; id++) {
        assertThat(new Gateway(one).resolve(PAGE, 10, id).mappings()).containsKey(id);
        assertThat(new Gateway(two).resolve(PAGE, 10, id).mappings()).containsKey(id);
      }
    } finally {
      redis.node(1).start();
    }
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> hearsNews(one) && hearsNews(two));
    assertThat(one.log() + two.log()).doesNotContain("ERROR", "Exception");
  }

  private static boolean hearsNews(Pod pod) {
    return new Gateway(pod).metrics().contains("gateway_invalidation_messenger_connections 1.0");
  }
}
