package org.psidgateway.invalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.QuarkusRedis;
import org.psidgateway.testing.RedisNodes;
import org.psidgateway.testing.RedisProcess;
import org.psidgateway.testing.RedisSentinels;

/** Over a real cluster, and over what Sentinel watches. */
class ChangeNotifierKindsIT {
  private final Vertx vertx = Vertx.vertx();
  private final List<End> started = new ArrayList<>();

  @AfterEach
  void stop() {
    started.forEach(End::stop);
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private End end(Map<String, String> keys) {
    End end = new End(QuarkusRedis.client(vertx, keys), vertx);
    started.add(end);
    return end;
  }

  /** Whichever nodes the client happens to listen and publish at. */
  @Test
  void cluster_allPodsHear_andStaySubscribed() {
    RedisNodes nodes = RedisNodes.get();
    Map<String, String> keys = with(nodes.keys(), "tcp.read-idle-timeout", "2S");
    List<End> ends = List.of(end(keys), end(keys), end(keys));
    ends.forEach(End::awaitConnected);
    long subscriptions = subscribed(nodes);

    ends.get(1).assertHears(ends.get(0).notifier::announce);
    ends.get(2).assertHears(ends.get(0).notifier::announce);

    // Longer than the time-out of silent connections.
    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(20))
        .until(() -> ends.stream().allMatch(End::isConnected));
    assertThat(subscribed(nodes)).isEqualTo(subscriptions);
  }

  /** No time-out of the client's helps here. */
  @Test
  void cluster_nodeFrozen_isNoticedByWhoListensThere_andSubscribedAgain() throws Exception {
    RedisNodes nodes = RedisNodes.get();
    End end = end(with(nodes.keys(), "tcp.read-idle-timeout", "60S"));
    end.awaitConnected();
    RedisProcess there = where(nodes);

    there.freeze();
    try {
      end.awaitLost();
    } finally {
      there.thaw();
    }
    end.awaitConnected();

    end.assertHears(() -> nodes.node(0).ask(Command.PUBLISH, End.CHANNEL, ""));
    nodes.awaitWhole();
  }

  @Test
  void sentinel_masterKilled_isSubscribedAgain_atTheOneThatTookOver() throws Exception {
    try (RedisSentinels redis = new RedisSentinels()) {
      End end = end(redis.keys());
      end.awaitConnected();
      end.assertHears(() -> redis.master.ask(Command.PUBLISH, End.CHANNEL, ""));

      redis.master.kill();
      end.awaitLost();
      end.awaitConnected();

      assertThat(subscribers(redis.replica)).isOne();
      end.assertHears(() -> redis.replica.ask(Command.PUBLISH, End.CHANNEL, ""));
    }
  }

  private static Map<String, String> with(Map<String, String> keys, String key, String value) {
    Map<String, String> more = new HashMap<>(keys);
    more.put(key, value);
    return more;
  }

  private static RedisProcess where(RedisNodes nodes) {
    for (int i = 0; i < 3; i++) {
      if (subscribers(nodes.node(i)) == 1) {
        return nodes.node(i);
      }
    }
    throw new AssertionError("nobody listens anywhere");
  }

  private static int subscribers(RedisProcess node) {
    return node.ask(Command.PUBSUB, "NUMSUB", End.CHANNEL).get(1).toInteger();
  }

  /** How often anybody has subscribed to anything. */
  private static long subscribed(RedisNodes nodes) {
    long sum = 0;
    for (int i = 0; i < 3; i++) {
      sum +=
          nodes
              .node(i)
              .ask(Command.INFO, "commandstats")
              .toString()
              .lines()
              .filter(line -> line.startsWith("cmdstat_subscribe:calls="))
              .mapToLong(line -> Long.parseLong(line.replaceAll(".*calls=(\\d+),.*", "$1")))
              .sum();
    }
    return sum;
  }
}
