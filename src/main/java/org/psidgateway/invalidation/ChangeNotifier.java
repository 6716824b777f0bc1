package org.psidgateway.invalidation;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.psidgateway.deployment.Deployment;
import org.psidgateway.deployment.RedisServers;
import org.psidgateway.ops.OutageLog;
import org.psidgateway.time.Ticker;

/**
 * Sends and receives change notices through Redis. A notice says only that something has changed,
 * and is not trusted: it makes a pod look earlier, and one that is lost costs seconds. Without
 * Redis it does nothing. State that is not volatile belongs to one event loop.
 */
@Singleton
class ChangeNotifier {
  private static final String CHANNEL = "gateway.invalidations:";

  /** Shorter than any sensible read-idle time-out: what is heard keeps the connection open. */
  static final Duration TICK = Duration.ofSeconds(1);

  /** Messages within this time trigger a single look. */
  private static final Duration GATHER = Duration.ofMillis(20);

  private static final int LONGEST_PAUSE = 8; // ticks

  private final @Nullable Redis redis;
  private final Supplier<String> deployment;
  private final Context loop;
  private final Runnable look;
  private final InvalidationMeters meters;
  private final Ticker ticker;
  private final Duration tick;
  private final OutageLog outage =
      new OutageLog(
          ChangeNotifier.class,
          "The Redis subscription is lost; changes by other pods are polled for every 5 seconds",
          "The Redis subscription is re-established");
  private final RedisServers servers;

  private @Nullable RedisSubscription subscription;
  private @Nullable Cancellable nextTick;
  private int pause; // ticks until the next try
  private int nextPause = 1;
  private volatile boolean noticed;
  private volatile boolean connected;
  private volatile boolean stopped;

  /** If Redis is not enabled its client has no address, and so must not be asked for. */
  @Inject
  ChangeNotifier(
      ChangeNotifierConfig config,
      Instance<Redis> redis,
      Deployment deployment,
      Vertx vertx,
      ChangePoller poller,
      InvalidationMeters meters,
      RedisServers servers,
      Ticker ticker) {
    this(
        config.enabled() ? redis.get() : null,
        deployment::name,
        vertx,
        () -> Infrastructure.getDefaultExecutor().execute(poller::look),
        meters,
        servers,
        ticker,
        TICK);
  }

  ChangeNotifier(
      @Nullable Redis redis,
      Supplier<String> deployment,
      Vertx vertx,
      Runnable look,
      InvalidationMeters meters,
      RedisServers servers,
      Ticker ticker,
      Duration tick) {
    this.redis = redis;
    this.deployment = deployment;
    this.loop = vertx.getOrCreateContext();
    this.look = look;
    this.meters = meters;
    this.servers = servers;
    this.ticker = ticker;
    this.tick = tick;
  }

  void onStart(@Observes StartupEvent event) {
    start();
  }

  void start() {
    if (redis != null) {
      onLoop(() -> tick(redis));
    }
  }

  void onStop(@Observes ShutdownEvent event) {
    stop();
  }

  /** Ends the subscription before the client is closed beneath it: nothing is sent any more. */
  void stop() {
    stopped = true;
    onLoop(
        () -> {
          if (nextTick != null) {
            nextTick.cancel();
          }
          if (subscription != null) {
            subscription.end();
          }
        });
  }

  /**
   * Sends all pods a notice. Never blocks, never fails; does nothing if Redis is known to be away.
   */
  void announce() {
    if (redis != null && connected) {
      // From one thread alone: threads that take connections of several nodes at once may wait for
      // each other's.
      onLoop(() -> publish(redis));
    }
  }

  private void publish(Redis at) {
    if (!stopped) { // nor is there a client any more
      at.send(Request.cmd(Command.PUBLISH).arg(channel()).arg(""));
    }
  }

  private void tick(Redis from) {
    if (stopped) {
      return;
    }
    if (subscription != null && subscription.isOn(channel())) {
      subscription.tick();
    } else if (subscription != null) { // the database is another deployment by now
      RedisSubscription former = subscription;
      open(from);
      former.end();
      connected(false);
    } else if (--pause <= 0) {
      open(from);
    }
    nextTick = ticker.after(tick).subscribe().with(passed -> onLoop(() -> tick(from)));
  }

  private void open(Redis from) {
    subscription = new RedisSubscription(loop, from, channel(), this);
    subscription.open();
  }

  private String channel() {
    return CHANNEL + deployment.get();
  }

  /** The subscription stands, or still does. */
  void isOpen() {
    if (!connected) {
      notice(); // what was announced while nobody listened
    }
    outage.recovered();
    nextPause = 1;
    connected(true);
  }

  /**
   * @param failure null if it was silent for too long
   */
  void isLost(RedisSubscription lost, @Nullable Throwable failure) {
    if (subscription == lost) {
      subscription = null;
      pause = nextPause;
      nextPause = Math.min(2 * nextPause, LONGEST_PAUSE);
      connected(false);
      if (!stopped) {
        outage.failed(servers.describe(failure));
      }
    }
  }

  void notice() {
    if (!noticed) {
      noticed = true;
      ticker
          .after(GATHER)
          .subscribe()
          .with(
              passed -> {
                noticed = false;
                look.run();
              });
    }
  }

  private void onLoop(Runnable work) {
    loop.runOnContext(there -> work.run());
  }

  private void connected(boolean yes) {
    connected = yes;
    meters.connected(yes);
  }
}
