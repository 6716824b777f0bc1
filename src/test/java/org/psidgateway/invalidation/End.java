package org.psidgateway.invalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.psidgateway.deployment.RedisServers;
import org.psidgateway.time.Ticker;

/** The notifier of one pod. */
final class End {
  private static final Duration QUICK_TICK = Duration.ofMillis(250);
  private static final Duration OFTEN = Duration.ofMillis(10);

  static final String CHANNEL = "gateway.invalidations:0123456789abcdef";

  /** Whose this end is; may become another's. */
  volatile String deployment = "0123456789abcdef";

  final AtomicInteger looks = new AtomicInteger();
  final ChangeNotifier notifier;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  End(@Nullable Redis client, Vertx vertx) {
    this(client, vertx, QUICK_TICK);
  }

  End(@Nullable Redis client, Vertx vertx, Duration tick) {
    notifier =
        new ChangeNotifier(
            client,
            () -> deployment,
            vertx,
            looks::incrementAndGet,
            new InvalidationMeters(registry),
            new RedisServers(List.of("redis://under-test")),
            Ticker.system(),
            tick);
    notifier.start();
  }

  void stop() {
    notifier.stop();
  }

  boolean isConnected() {
    return registry.get("gateway.invalidation.messenger").gauge().value() == 1;
  }

  void awaitConnected() {
    await().pollInterval(OFTEN).atMost(Duration.ofSeconds(20)).until(this::isConnected);
  }

  void awaitLost() {
    await().pollInterval(OFTEN).atMost(Duration.ofSeconds(8)).until(() -> !isConnected());
  }

  /** Waits until earlier notices have been dealt with. */
  void settle() {
    int[] last = {-1};
    await().pollInterval(Duration.ofMillis(150)).until(() -> last[0] == (last[0] = looks.get()));
  }

  /** Each notice leads to a look, soon. */
  void assertHears(Runnable word) {
    settle();
    for (int i = 0; i < 10; i++) {
      int before = looks.get();
      word.run();
      await().pollInterval(OFTEN).atMost(Duration.ofSeconds(1)).until(() -> looks.get() > before);
    }
    assertThat(isConnected()).isTrue();
  }
}
