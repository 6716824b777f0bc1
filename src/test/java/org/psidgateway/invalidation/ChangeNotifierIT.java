package org.psidgateway.invalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.cache.OwnRedis;
import org.psidgateway.testing.FaultyProxy;

/** Over a real Redis, with the client's options that the gateway ships with. */
class ChangeNotifierIT {
  private final Vertx vertx = Vertx.vertx();
  private final List<End> started = new ArrayList<>();
  private OwnRedis redis;
  private FaultyProxy link;

  @BeforeEach
  void start() throws Exception {
    redis = new OwnRedis();
    link = new FaultyProxy(redis.port());
  }

  @AfterEach
  void stop() throws Exception {
    started.forEach(End::stop);
    link.close();
    redis.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void announce_letsAllPodsLook_andManyOfThemAreAFewLooks() {
    End one = end(redis.client());
    End two = end(redis.client());
    one.awaitConnected();
    two.awaitConnected();
    await().until(() -> one.looks.get() > 0 && two.looks.get() > 0); // what came before
    one.settle();
    two.settle();
    int before = two.looks.get();

    for (int i = 0; i < 100; i++) {
      one.notifier.announce();
    }

    await()
        .atMost(Duration.ofSeconds(1))
        .until(() -> one.looks.get() > 0 && two.looks.get() > before);
    one.settle();
    two.settle();
    assertThat(two.looks.get() - before).isLessThan(50);
  }

  @Test
  void otherDeployment_onTheSameRedis_hearsNothing() {
    End one = end(redis.client());
    End other = end(redis.client());
    other.deployment = "fedcba9876543210";
    one.awaitConnected();
    await().until(() -> subscribers(End.CHANNEL) == 1);
    other.awaitConnected();
    other.settle();
    int before = other.looks.get();

    one.assertHears(one.notifier::announce);
    other.settle();

    assertThat(other.looks).hasValue(before);
    other.assertHears(other.notifier::announce);
  }

  /** The database beneath it has become another one, a copy. */
  @Test
  void deploymentChanges_channelFollows() {
    End end = end(redis.client());
    end.awaitConnected();
    String channel = "gateway.invalidations:fedcba9876543210";

    end.deployment = "fedcba9876543210";
    await().until(() -> subscribers(channel) == 1 && subscribers(End.CHANNEL) == 0);

    end.assertHears(() -> redis.ask(Command.PUBLISH, channel, ""));
    end.assertHears(end.notifier::announce);
  }

  @Test
  void silentLine_staysOpen_beyondTheReadIdleTimeout() {
    End end = new End(redis.client(), vertx, ChangeNotifier.TICK);
    started.add(end);
    end.awaitConnected();
    int connections = received("total_connections_received");

    await()
        .during(Duration.ofSeconds(4)) // the time-out is 3 s
        .atMost(Duration.ofSeconds(9))
        .until(() -> end.isConnected() && subscribers() == 1);

    assertThat(received("total_connections_received")).isEqualTo(connections);
  }

  @Test
  void redisKilled_isSubscribedAgain_onceItIsBack_andLooksForWhatWasMissed() throws Exception {
    End end = end(redis.client());
    end.awaitConnected();

    redis.kill();
    end.awaitLost();
    end.notifier.announce(); // harmless
    int before = end.looks.get();
    redis.start();
    end.awaitConnected();

    await().until(() -> end.looks.get() > before);
    assertThat(subscribers()).isEqualTo(1);
    assertHears(end);
  }

  /** The process ends: the client goes, with its connections, and must not be asked any more. */
  @Test
  void stop_endsTheLine_beforeTheClientIsClosed() {
    End end = end(redis.client());
    end.awaitConnected();

    end.stop();

    end.awaitLost();
    await().until(() -> subscribers() == 0);
  }

  @Test
  void redisFrozen_isNoticed_andSubscribedAgain() throws Exception {
    End end = end(redis.client());
    end.awaitConnected();

    redis.freeze();
    try {
      end.awaitLost();
    } finally {
      redis.thaw();
    }
    end.awaitConnected();

    assertHears(end);
    await().untilAsserted(() -> assertThat(subscribers()).isEqualTo(1));
  }

  @Test
  void linkCut_isSubscribedAgain() {
    End end = end(redis.client(link.port()));
    end.awaitConnected();

    link.cut();
    end.awaitLost();
    link.heal();
    end.awaitConnected();

    assertHears(end);
  }

  @Test
  void clientWithoutTimeouts_noticesASilentLinkAllTheSame() {
    End end = end(plain(link.port(), true));
    end.awaitConnected();

    link.swallow();
    end.awaitLost();
    link.heal();
    end.awaitConnected();

    assertHears(end);
  }

  @Test
  void inResp3_isHeardToo() {
    End end = end(plain(redis.port(), true));
    end.awaitConnected();

    assertHears(end);
  }

  @Test
  void redisAbsentAtStart_isFoundLater() throws Exception {
    redis.kill();
    End end = end(redis.client());
    await().during(Duration.ofSeconds(1)).until(() -> !end.isConnected());
    redis.start();

    end.awaitConnected();
    assertHears(end);
  }

  @Test
  void withoutRedis_nothingHappens() {
    End end = end(null);

    end.notifier.announce();

    assertThat(end.isConnected()).isFalse();
    assertThat(end.looks).hasValue(0);
  }

  private void assertHears(End end) {
    end.assertHears(() -> redis.ask(Command.PUBLISH, End.CHANNEL, "anything"));
  }

  private End end(@Nullable Redis client) {
    End end = new End(client, vertx);
    started.add(end);
    return end;
  }

  private Redis plain(int port, boolean resp3) {
    return Redis.createClient(
        vertx,
        new RedisOptions()
            .setConnectionString("redis://localhost:" + port)
            .setProtocolNegotiation(resp3));
  }

  private int subscribers() {
    return subscribers(End.CHANNEL);
  }

  private int subscribers(String channel) {
    return redis.ask(Command.PUBSUB, "NUMSUB", channel).get(1).toInteger();
  }

  private int received(String figure) {
    return redis
        .ask(Command.INFO, "stats")
        .toString()
        .lines()
        .filter(line -> line.startsWith(figure + ":"))
        .mapToInt(line -> Integer.parseInt(line.substring(figure.length() + 1)))
        .findFirst()
        .orElseThrow();
  }
}
