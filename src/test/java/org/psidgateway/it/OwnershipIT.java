package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.psidgateway.it.World.PAGE;

import io.vertx.redis.client.Command;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.cache.OwnRedis;
import org.psidgateway.testing.Backing.Database;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;

/** Whose database, and whose part of a Redis that several deployments share. */
class OwnershipIT {
  private static final long[] IDS = LongStream.range(1, 21).toArray();

  private final World world = new World();
  private OwnRedis redis;

  @BeforeEach
  void startRedis() throws IOException {
    redis = new OwnRedis();
  }

  @AfterEach
  void stop() throws IOException {
    redis.close();
    world.close();
  }

  private Pod.Settings pod(World in) {
    return in.pod().withRedis(redis.port()).with("gateway.cache.redis.timeout", "PT0.15S");
  }

  /** Through one pod, until Redis has them too. */
  private void convert(Pod pod) {
    int before = redis.ask(Command.DBSIZE).toInteger();
    assertThat(new Gateway(pod).resolve(PAGE, 10, IDS).mappings()).hasSize(IDS.length);
    Awaitility.await().until(() -> redis.ask(Command.DBSIZE).toInteger() == before + IDS.length);
  }

  @Test
  void anotherAppOnTheSameRedis_asksForItself() {
    try (World other = new World()) {
      try (Pod one = pod(world).start();
          Pod two = pod(other).with("gateway.app.id", "2").start()) {
        convert(one);

        Gateway.Answer answer = new Gateway(two).resolve(PAGE, 10, IDS);

        assertThat(answer.body().at("/summary/from/cache").asInt()).isZero();
        assertThat(answer.body().at("/summary/from/upstream").asInt()).isEqualTo(IDS.length);
        assertThat(other.witness().conversions()).isEqualTo(IDS.length);
      }
    }
  }

  /** A pod of the same app, with the same secrets: as when staging is copied from production. */
  @Test
  void copyOfTheDatabase_isAnsweredNothing_thatItDoesNotKnowItself() throws SQLException {
    try (Pod original = pod(world).start()) {
      convert(original);
    }
    String copy = world.database.jdbcUrl() + "_copy";
    String name = copy.substring(copy.lastIndexOf('/') + 1);
    sql(
        new Database(
            copy.replace("/" + name, "/postgres"),
            world.database.user(),
            world.database.password()),
        "create database %s template %s".formatted(name, name.replace("_copy", "")));
    sql(
        new Database(copy, world.database.user(), world.database.password()),
        "delete from mapping");

    try (Pod staging = pod(world).withDatabase(copy).start()) {
      Gateway gateway = new Gateway(staging);
      for (long id : IDS) {
        assertThat(gateway.get("/v1/pages/" + PAGE + "/mappings/" + id).status()).isEqualTo(404);
      }
      assertThat(gateway.metrics()).contains("gateway_cache_redis_rejected_values_total 0.0");
    }
    try (Pod original = pod(world).start()) {
      Gateway.Answer answer = new Gateway(original).resolve(PAGE, 10, IDS);
      assertThat(answer.body().at("/summary/from/cache").asInt()).isEqualTo(IDS.length);
    }
  }

  @Test
  void forgedAnswer_isNotShown_andCounted() throws Exception {
    try (Pod one = pod(world).start()) {
      convert(one);
    }
    for (var key : redis.ask(Command.KEYS, "*")) {
      redis.ask(Command.SETRANGE, key.toBytes(), "7", new byte[] {42});
    }

    try (Pod two = pod(world).start()) {
      Gateway.Answer answer = new Gateway(two).resolve(PAGE, 10, IDS);

      World.assertTrue(PAGE, answer.mappings());
      assertThat(answer.mappings().keySet())
          .containsExactlyInAnyOrderElementsOf(Arrays.stream(IDS).boxed().toList());
      assertThat(answer.body().at("/summary/from/store").asInt()).isEqualTo(IDS.length);
      assertThat(new Gateway(two).metrics())
          .contains("gateway_cache_redis_rejected_values_total " + IDS.length + ".0");
    }
  }

  @Test
  void anotherAppOnTheSameDatabase_doesNotStart_andSaysWhyInOneLine() {
    try (Pod one = world.pod().start()) {
      assertThatThrownBy(() -> world.pod().with("gateway.app.id", "2").start())
          .hasMessageContaining("gateway.app.id is 2, but the database belongs to app 1")
          .satisfies(
              failure -> assertThat(failure.getMessage()).doesNotContain("\tat ", "Exception"));
      assertThat(new Gateway(one).resolve(PAGE, 10, 1).mappings()).containsOnlyKeys(1L);
    }
  }

  /** Nothing it does there could be right; the next start says why. */
  @Test
  void anotherAppsDatabase_beneathARunningPod_endsIt() throws SQLException {
    try (Pod pod = world.pod().start()) {
      sql(world.database, "update deployment set app_id = '2'");

      Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> !pod.isAlive());
      assertThat(pod.log())
          .containsOnlyOnce("gateway.app.id is 1, but the database belongs to app 2");
    }
  }

  private static void sql(Database at, String sql) throws SQLException {
    try (Connection connection = at.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
