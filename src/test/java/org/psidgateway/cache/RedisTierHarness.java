package org.psidgateway.cache;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.redis.client.Command;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.psidgateway.model.PageId;
import org.psidgateway.testing.PlainGuards;

/** The real tier before a Redis of the test's own, empty at the start of each test. */
abstract class RedisTierHarness {
  static final PageId PAGE = new PageId(100);
  static final Duration RECHECK = Duration.ofDays(30);
  static OwnRedis redis;
  static PlainGuards guards;

  final MovableClock clock = new MovableClock(Instant.parse("2026-11-01T10:00:00Z"));
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @BeforeAll
  static void start() throws IOException {
    redis = new OwnRedis();
    guards = new PlainGuards();
  }

  @AfterAll
  static void stop() throws Exception {
    guards.close();
    redis.close();
  }

  @BeforeEach
  void empty() {
    redis.ask(Command.FLUSHALL);
  }

  RedisTier tier(RedisFormat format) {
    return tier(format, Settings.PATIENT);
  }

  RedisTier tier(Settings settings) {
    return tier(Settings.FORMAT, settings);
  }

  private RedisTier tier(RedisFormat format, Settings settings) {
    return new RedisTier(
        new ServerPipeline(redis.client()),
        () -> format,
        settings,
        RECHECK,
        clock,
        new CacheMeters(registry),
        Settings.SERVERS,
        guards::builder);
  }
}
