package org.psidgateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.redis.client.Command;
import java.time.Duration;
import java.time.InstantSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageId;
import org.psidgateway.testing.PlainGuards;

/** What changed elsewhere leaves both tiers: L2 as soon as Redis can be reached. */
class EvictionsTest {
  private static final PageId PAGE = new PageId(100);
  private static final PageId OTHER = new PageId(200);

  private final PlainGuards guards = new PlainGuards();
  private OwnRedis redis;
  private MappingCache cache;
  private Evictions evictions;

  @BeforeEach
  void start() throws Exception {
    redis = new OwnRedis();
    CacheMeters metrics = new CacheMeters(new SimpleMeterRegistry());
    InstantSource clock = InstantSource.system();
    cache =
        new MappingCache(
            new LocalTier(1000, Duration.ofDays(30), clock, metrics),
            new RedisTier(
                new ServerPipeline(redis.client()),
                () -> Settings.FORMAT,
                Settings.PATIENT.withTimeout(Duration.ofMillis(300)),
                Duration.ofDays(30),
                clock,
                metrics,
                Settings.SERVERS,
                guards::builder));
    evictions = new Evictions(cache);
    for (PageId page : new PageId[] {PAGE, OTHER}) {
      cache.keep(
          page,
          new Findings(
              new long[] {1, 2}, new long[] {11, 12}, new long[] {1_800_000_000, 1_800_000_000}));
    }
    awaitShared(4);
  }

  @AfterEach
  void stop() throws Exception {
    guards.close();
    redis.close();
  }

  @Test
  void mappingsChanged_forgetsThem_andNothingElse() {
    evictions.mappingsChanged(PAGE, new long[] {1, 3});

    assertThat(cache.find(PAGE, 1)).as("at once").isEmpty();
    assertThat(cache.find(PAGE, 2)).isPresent();
    assertThat(cache.find(OTHER, 1)).isPresent();
    awaitShared(3);
    assertThat(evictions.owedIds()).isZero();
  }

  @Test
  void redisFrozen_l1ForgetsAtOnce_andL2OnceItIsBack() throws Exception {
    redis.freeze();
    try {
      evictions.mappingsChanged(PAGE, new long[] {1});
      assertThat(cache.find(PAGE, 1)).isEmpty();
      Awaitility.await().until(() -> evictions.owedIds() == 1);
      evictions.retry();
      Awaitility.await().until(() -> evictions.owedIds() == 1);
    } finally {
      redis.thaw();
    }

    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              evictions.retry();
              return evictions.owedIds() == 0;
            });
    awaitShared(3);
  }

  @Test
  void evictionsThatRedisMissed_areBounded() throws Exception {
    redis.kill();
    long[] many = new long[Evictions.MOST_OWED / 10 + 1];
    for (int i = 0; i < 12; i++) {
      evictions.mappingsChanged(PAGE, many);
    }

    Awaitility.await()
        .untilAsserted(() -> assertThat(evictions.owedIds()).isEqualTo(9 * many.length));
    redis.start();
  }

  @Test
  void anythingMayHaveChanged_emptiesL1Alone() {
    evictions.anythingMayHaveChanged();

    assertThat(cache.find(PAGE, 1)).isEmpty();
    assertThat(cache.find(OTHER, 2)).isEmpty();
    awaitShared(4);
    cache.keep(PAGE, new Findings(new long[] {5}, new long[] {15}, new long[] {1_800_000_000}));
    assertThat(cache.find(PAGE, 5)).isPresent();
  }

  private void awaitShared(int entries) {
    Awaitility.await()
        .untilAsserted(() -> assertThat(redis.ask(Command.DBSIZE).toInteger()).isEqualTo(entries));
  }
}
