package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import io.vertx.redis.client.Command;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.psidgateway.cache.OwnRedis;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;

/** What is changed through one pod, or erased from the database, the other one stops showing. */
@Execution(ExecutionMode.CONCURRENT) // each test has pods of its own
class InvalidationIT {
  /** Five, and what a look takes on a busy machine. */
  private static final Duration BY_POLLING = Duration.ofSeconds(7);

  /** By polling alone, one in five would be as fast. */
  private static final Duration BY_REDIS = Duration.ofSeconds(1);

  private static final int ROUNDS = 6;

  private final World world = new World();
  private OwnRedis redis;
  private Pod one;
  private Pod two;
  private long lastAsid;

  @BeforeEach
  void startRedis() throws IOException {
    redis = new OwnRedis();
  }

  @AfterEach
  void stop() throws IOException {
    one.terminate();
    two.terminate();
    one.close();
    two.close();
    redis.close();
    world.close();
    assertThat(two.log()).doesNotContain("ERROR", "Exception");
  }

  @Test
  void withRedis_withinASecond() throws Exception {
    start(world.pod().withRedis(redis.port()));
    awaitChangeNotices(1);

    for (int round = 0; round < ROUNDS; round++) {
      assertPauseArrives(round % 2 == 0, BY_REDIS);
      assertErasureArrives(BY_REDIS);
    }
    assertThat(new Gateway(two).metrics())
        .contains("gateway_invalidations_changes_total{what=\"mapping\"} " + ROUNDS)
        .containsPattern("gateway_invalidation_lag_seconds [0-6]\\.");
  }

  @Test
  void withoutRedis_withinSeconds() throws Exception {
    start(world.pod());

    assertPauseArrives(true, BY_POLLING);
    assertErasureArrives(BY_POLLING);
    assertThat(two.log()).doesNotContain("ChangeNotifier");
  }

  @Test
  void redisFrozen_withinSeconds_andFastAgainAfterwards() throws Exception {
    start(world.pod().withRedis(redis.port()));
    awaitChangeNotices(1);

    redis.freeze();
    try {
      assertPauseArrives(true, BY_POLLING);
      assertPauseArrives(false, BY_POLLING);
      awaitChangeNotices(0);
      assertPauseArrives(true, BY_POLLING);
    } finally {
      redis.thaw();
    }
    awaitChangeNotices(1);

    for (int round = 0; round < ROUNDS; round++) {
      assertPauseArrives(round % 2 == 1, BY_REDIS);
    }
  }

  private void start(Pod.Settings settings) {
    one = settings.start();
    two = settings.start();
  }

  private void awaitChangeNotices(int connected) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                new Gateway(one).metrics().contains(messenger(connected))
                    && new Gateway(two).metrics().contains(messenger(connected)));
  }

  private static String messenger(int connected) {
    return "gateway_invalidation_messenger_connections " + connected + ".0";
  }

  private void assertPauseArrives(boolean pause, Duration within) {
    String page = "/v1/pages/" + PAGE;
    assertThat(new Gateway(one).put(page, "{\"paused\":" + pause + "}").status()).isEqualTo(200);

    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(within)
        .until(() -> new Gateway(two).get(page).body().path("paused").asBoolean(!pause) == pause);
    long unknown = ++lastAsid;
    Gateway.Answer answer = new Gateway(two).resolve(PAGE, 5, unknown);
    if (pause) {
      assertThat(answer.unresolved())
          .isEqualTo(Map.of(Long.toString(unknown), "failed/page_paused"));
    } else {
      assertThat(answer.mappings()).containsKey(unknown);
    }
  }

  /** As an erasure will do it: the row is committed with the deletion, the notice follows. */
  private void assertErasureArrives(Duration within) throws Exception {
    long id = ++lastAsid;
    String mapping = "/v1/pages/200/mappings/" + id;
    assertThat(new Gateway(one).resolve(200, 10, id).mappings()).containsKey(id);
    assertThat(new Gateway(two).resolve(200, 10, id).mappings()).containsKey(id);
    assertThat(new Gateway(two).get(mapping).status()).isEqualTo(200);

    commit(
        "delete from mapping where asid = " + id,
        "insert into invalidation (what, page_id, asid) values ('mapping', 200, " + id + ")");
    redis.ask(Command.PUBLISH, "gateway.invalidations:" + deployment(), "");

    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(within)
        .until(() -> new Gateway(two).get(mapping).status() == 404);
  }

  private String deployment() throws SQLException {
    try (Connection connection = world.database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select id from deployment")) {
      row.next();
      return row.getString(1);
    }
  }

  private void commit(String... statements) throws SQLException {
    try (Connection connection = world.database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String sql : statements) {
        statement.execute(sql);
      }
      connection.commit();
    }
  }
}
