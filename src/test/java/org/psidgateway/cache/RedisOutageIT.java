package org.psidgateway.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageId;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.PlainGuards;

/** A Redis that is ill is a miss, within the time-out, and is used again once it is well. */
class RedisOutageIT {
  private static final PageId PAGE = new PageId(100);
  private static final long[] IDS = LongStream.range(1, 201).toArray();
  private static final Duration TIMEOUT = Duration.ofMillis(100);

  /** Each of them takes the time-out, one after the other. */
  private static final int ASKED_BEFORE_GIVING_UP = 8;

  /** On top of the time-out, on a machine with two busy cores. */
  private static final Duration MARGIN = Duration.ofMillis(400);

  private final PlainGuards guards = new PlainGuards();
  private SimpleMeterRegistry registry;
  private OwnRedis redis;
  private MappingCache cache;

  @BeforeEach
  void start() throws IOException {
    redis = new OwnRedis();
    cache = cache(redis.port());
    fillRedis();
    Awaitility.await().until(() -> lookUp() == IDS.length);
  }

  @AfterEach
  void stop() throws Exception {
    guards.close();
    redis.close();
  }

  /** With an L1 too small to help. */
  private MappingCache cache(int port) {
    registry = new SimpleMeterRegistry();
    CacheMeters metrics = new CacheMeters(registry);
    InstantSource clock = InstantSource.system();
    return new MappingCache(
        new LocalTier(1, Duration.ofDays(30), clock, metrics),
        new RedisTier(
            new ServerPipeline(redis.client(port)),
            () -> Settings.FORMAT,
            Settings.PATIENT.withTimeout(TIMEOUT).withRequestVolume(ASKED_BEFORE_GIVING_UP),
            Duration.ofDays(30),
            clock,
            metrics,
            Settings.SERVERS,
            guards::builder));
  }

  private void fillRedis() {
    long[] psids = Arrays.stream(IDS).map(id -> id * 7).toArray();
    long[] times = Arrays.stream(IDS).map(id -> 1_800_000_000L).toArray();
    cache.keep(PAGE, new Findings(IDS, psids, times));
  }

  /** How many ids Redis answered. Fails if a look-up fails or takes too long. */
  private int lookUp() {
    Answers answers = new Answers(IDS.clone());
    long start = System.nanoTime();
    cache.fillShared(PAGE, answers).await().atMost(Duration.ofSeconds(30));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.plus(MARGIN));
    for (int i = 0; i < answers.size(); i++) {
      assertThat(answers.psid(i)).isIn(0L, IDS[i] * 7);
    }
    return answers.size() - answers.open();
  }

  private void assertMissesUntilTheBreakerOpens() {
    Awaitility.await()
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              assertThat(lookUp()).isZero();
              return breaker() == 2;
            });
    double asked = failed();
    long start = System.nanoTime();
    for (int i = 0; i < 1000; i++) {
      assertThat(lookUp()).isZero();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    assertThat(failed() - asked).as("asked while open").isLessThanOrEqualTo(2 + seconds);
  }

  private void assertIsUsedAgain() {
    Awaitility.await()
        .pollInSameThread()
        .pollInterval(Duration.ofMillis(50))
        .atMost(Duration.ofSeconds(5))
        .until(() -> lookUp() == IDS.length);
  }

  @Test
  void killed_andRestarted() throws Exception {
    redis.kill();
    assertMissesUntilTheBreakerOpens();
    redis.start();
    Awaitility.await()
        .pollInSameThread()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              fillRedis();
              return lookUp() == IDS.length;
            });
  }

  @Test
  void frozen_andThawed() throws Exception {
    redis.freeze();
    assertMissesUntilTheBreakerOpens();
    redis.thaw();
    assertIsUsedAgain();
  }

  @Test
  void frozen_manyAtOnce_noneFailsAndNothingPilesUp() throws Exception {
    redis.freeze();
    int lists = 5000;
    Answers[] sheets = new Answers[lists];
    var all =
        Uni.join()
            .all(
                IntStream.range(0, lists)
                    .mapToObj(
                        i -> {
                          sheets[i] = new Answers(IDS.clone());
                          return cache.fillShared(PAGE, sheets[i]);
                        })
                    .toList())
            .andFailFast();
    all.await().atMost(Duration.ofSeconds(20));
    assertThat(sheets).allSatisfy(sheet -> assertThat(sheet.open()).isEqualTo(IDS.length));
    redis.thaw();
    assertIsUsedAgain();
    assertThat(sheets).allSatisfy(sheet -> assertThat(sheet.open()).isEqualTo(IDS.length));
    assertThat(redis.calls("mget")).as("asked late").isLessThan(400);
  }

  @Test
  void flushed() {
    redis.ask(Command.FLUSHALL);
    assertThat(lookUp()).isZero();
    assertThat(breaker()).isZero();
    fillRedis();
    assertIsUsedAgain();
  }

  @Test
  void linkSwallowsEverything_isCut_andHeals() throws Exception {
    try (FaultyProxy link = new FaultyProxy(redis.port())) {
      cache = cache(link.port());
      assertIsUsedAgain();
      link.swallow();
      assertMissesUntilTheBreakerOpens();
      link.cut();
      link.heal();
      assertIsUsedAgain();
    }
  }

  /** What frees the pool from connections to a host that vanished. */
  @Test
  void silentConnections_areGivenUp() {
    assertThat(connections()).isGreaterThan(1);
    Awaitility.await().until(() -> connections() == 1);
    assertIsUsedAgain();
  }

  private long connections() {
    return redis.ask(Command.CLIENT, "LIST").toString().lines().count();
  }

  @Test
  void passwordSet_andTakenAway() {
    assertMissesWhile("requirepass", "secret", "");
  }

  @Test
  void tooManyClients_andFewerAgain() {
    assertMissesWhile("maxclients", "1", "100");
  }

  private void assertMissesWhile(String setting, String locksOut, String letsIn) {
    redis.ask(Command.CONFIG, "SET", setting, locksOut);
    redis.ask(Command.CLIENT, "KILL", "TYPE", "normal", "SKIPME", "yes");
    assertMissesUntilTheBreakerOpens();
    redis.ask(Command.CONFIG, "SET", setting, letsIn);
    assertIsUsedAgain();
  }

  @Test
  void evict_fails_whenRedisMayStillKnow() throws Exception {
    redis.freeze();
    assertThatThrownBy(
            () -> cache.evict(PAGE, new long[] {1}).await().atMost(Duration.ofSeconds(10)))
        .isInstanceOf(TimeoutException.class);
    redis.thaw();
    cache.evict(PAGE, new long[] {1}).await().atMost(Duration.ofSeconds(10));
    assertThat(lookUp()).isEqualTo(IDS.length - 1);
  }

  private double failed() {
    return registry
        .get("gateway.cache.redis.duration")
        .tag("work", "read")
        .tag("outcome", "failed")
        .timer()
        .count();
  }

  private double breaker() {
    return registry.get("gateway.cache.breaker.state").tag("work", "read").gauge().value();
  }
}
