package org.psidgateway.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageId;
import org.psidgateway.testing.PlainGuards;
import org.psidgateway.testing.QuarkusRedis;
import org.psidgateway.testing.RedisSentinels;

/** Against a real master, a replica and a sentinel. */
class RedisSentinelTest {
  private static final PageId PAGE = new PageId(100);
  private static final long[] IDS = LongStream.range(1, 201).toArray();
  private static final Duration TIMEOUT = Duration.ofMillis(200);
  private static final Duration MARGIN = Duration.ofMillis(400);

  @Test
  void masterKilled_isAMiss_untilTheReplicaTakesOver() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (RedisSentinels redis = new RedisSentinels();
        PlainGuards guards = new PlainGuards()) {
      RedisTier tier =
          new RedisTier(
              new ServerPipeline(QuarkusRedis.client(vertx, redis.keys())),
              () -> Settings.FORMAT,
              Settings.PATIENT.withTimeout(TIMEOUT),
              Duration.ofDays(30),
              InstantSource.system(),
              new CacheMeters(new SimpleMeterRegistry()),
              Settings.SERVERS,
              guards::builder);
      tier.keep(PAGE, mapped(IDS));
      await().until(() -> redis.replica.ask(Command.DBSIZE).toInteger() == IDS.length);
      assertThat(find(tier).asids()).isEqualTo(IDS);

      redis.master.kill();
      assertThat(find(tier).size()).isZero();

      await()
          .pollInSameThread()
          .atMost(Duration.ofSeconds(20))
          .until(() -> find(tier).size() == IDS.length);
      assertThat(redis.replica.ask(Command.ROLE).get(0).toString()).isEqualTo("master");
      await()
          .pollInSameThread()
          .until(
              () -> {
                tier.keep(PAGE, mapped(new long[] {1000}));
                return redis.replica.ask(Command.DBSIZE).toInteger() > IDS.length;
              });
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private static Findings mapped(long[] ids) {
    long[] psids = Arrays.stream(ids).map(id -> id * 7).toArray();
    long[] times = Arrays.stream(ids).map(id -> 1_800_000_000L).toArray();
    return new Findings(ids, psids, times);
  }

  /** Fails if the look-up fails or takes too long. */
  private static Findings find(RedisTier tier) {
    long start = System.nanoTime();
    Findings found = tier.find(PAGE, IDS).await().atMost(Duration.ofSeconds(30));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.plus(MARGIN));
    return found;
  }
}
