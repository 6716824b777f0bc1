package org.psidgateway.chaos;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;

/** A place for a pod, with a link of its own to each service; pods come and go. */
final class Slot implements AutoCloseable {
  final String name;
  private final Failpoints failpoints = new Failpoints();
  final FaultyProxy postgres;
  final FaultyProxy redis;
  final FaultyProxy upstream;
  private final Pod.Settings settings;
  private final AtomicInteger epoch = new AtomicInteger();
  private volatile Pod pod;
  private volatile Gateway gateway;
  private volatile boolean serving;
  private volatile boolean frozen;
  private volatile boolean healed;

  Slot(String name, Services services, Pod.Settings settings) {
    this.name = name;
    postgres = new FaultyProxy(services.postgres().port(), () -> new PostgresTap(failpoints));
    redis = new FaultyProxy(services.redis().port());
    upstream = new FaultyProxy(services.graph().port());
    this.settings =
        settings
            .withDatabase(
                "jdbc:postgresql://localhost:%d/%s?sslmode=disable"
                    .formatted(postgres.port(), services.databaseName()))
            .withRedis(redis.port())
            .with("gateway.upstream.base-url", "http://127.0.0.1:" + upstream.port());
  }

  /** Holds the first call that comes by. */
  synchronized Stop arm(Failpoint point) {
    healed = false;
    return failpoints.arm(point);
  }

  void start() {
    pod = settings.start();
    gateway = new Gateway(pod).overHttp1();
    epoch.incrementAndGet();
    serving = true;
  }

  /** Whether a caller may expect an answer: neither dead, nor frozen, nor on its way out. */
  boolean serving() {
    return serving;
  }

  /** Changes whenever callers lose what they had under way here. */
  int epoch() {
    return epoch.get();
  }

  Gateway gateway() {
    return gateway;
  }

  Pod pod() {
    return pod;
  }

  synchronized void kill() {
    outOfService();
    pod.kill();
  }

  /**
   * Kills or freezes the pod, from a failpoint that a call has reached, unless all has been healed.
   */
  synchronized void strike(boolean kill) {
    if (!serving || healed) {
      return;
    }
    if (kill) {
      kill();
    } else {
      freeze();
    }
  }

  synchronized void freeze() {
    outOfService();
    pod.freeze();
    frozen = true;
  }

  synchronized void thaw() {
    pod.thaw();
    gateway = new Gateway(pod).overHttp1(); // connections that it let lapse are the callers' affair
    frozen = false;
    epoch.incrementAndGet();
    serving = true;
  }

  private void outOfService() {
    serving = false;
    epoch.incrementAndGet();
  }

  /** Ends it as a rolling update does: callers come until it says that it is not ready. */
  void roll() {
    Pod leaving = pod;
    leaving.terminate();
    Awaitility.await()
        .pollInterval(Duration.ofMillis(50))
        .atMost(Duration.ofSeconds(30))
        .until(() -> !leaving.isReady());
    serving = false;
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !leaving.isAlive());
    start();
  }

  /** Links, failpoints and the process itself: as if nothing had happened. */
  synchronized void heal() {
    postgres.heal();
    redis.heal();
    upstream.heal();
    failpoints.disarm();
    healed = true;
    if (frozen) {
      thaw();
    }
    if (!pod.isAlive()) {
      start();
    }
  }

  @Override
  public void close() {
    serving = false;
    if (pod != null) {
      pod.thaw();
      pod.close();
    }
    postgres.close();
    redis.close();
    upstream.close();
  }
}
