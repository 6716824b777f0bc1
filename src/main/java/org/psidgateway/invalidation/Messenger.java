package org.psidgateway.invalidation;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.psidgateway.deployment.Deployment;
import org.psidgateway.ops.OutageLog;

/**
 * Brings word through Redis that there is something to look for. A message says nothing but that,
 * and nothing is believed of it; one that is lost costs seconds. Without Redis it keeps silent. All
 * state but {@code connected} belongs to one event loop.
 */
@Singleton
class Messenger {
  private static final String CHANNEL = "gateway.invalidations:";

  /** Shorter than any sensible read-idle time-out: what is heard keeps the connection open. */
  static final long TICK_MILLIS = 1000;

  /** Messages of so long are one look. */
  private static final long GATHER_MILLIS = 20;

  private static final int LONGEST_PAUSE = 8; // ticks

  private final @Nullable Redis redis;
  private final Supplier<String> deployment;
  private final Vertx vertx;
  private final Context loop;
  private final Runnable look;
  private final InvalidationMetrics metrics;
  private final long tickMillis;
  private final OutageLog outage =
      new OutageLog(
          Messenger.class,
          "Redis subscription lost; changes by other pods are polled for every 5 seconds",
          "Redis subscription re-established");

  private @Nullable Line line;
  private int pause; // ticks until the next try
  private int nextPause = 1;
  private boolean hinted;
  private volatile boolean connected;
  private volatile boolean stopped;

  /** The client has no address, and so must not be asked for, where Redis is not enabled. */
  @Inject
  Messenger(
      MessengerConfig config,
      Instance<Redis> redis,
      Deployment deployment,
      Vertx vertx,
      Lookout lookout,
      InvalidationMetrics metrics) {
    this(
        config.enabled() ? redis.get() : null,
        deployment::name,
        vertx,
        () -> Infrastructure.getDefaultExecutor().execute(lookout::look),
        metrics,
        TICK_MILLIS);
  }

  Messenger(
      @Nullable Redis redis,
      Supplier<String> deployment,
      Vertx vertx,
      Runnable look,
      InvalidationMetrics metrics,
      long tickMillis) {
    this.redis = redis;
    this.deployment = deployment;
    this.vertx = vertx;
    this.loop = vertx.getOrCreateContext();
    this.look = look;
    this.metrics = metrics;
    this.tickMillis = tickMillis;
  }

  void onStart(@Observes StartupEvent event) {
    start();
  }

  void start() {
    if (redis != null) {
      loop.runOnContext(begun -> vertx.setPeriodic(0, tickMillis, timer -> tick(timer, redis)));
    }
  }

  void onStop(@Observes ShutdownEvent event) {
    stop();
  }

  /** Ends the line before the client is closed beneath it: nothing is sent any more. */
  void stop() {
    stopped = true;
    loop.runOnContext(
        ended -> {
          if (line != null) {
            line.end();
          }
        });
  }

  /**
   * Tells all pods to look. Never blocks, never fails; does nothing where Redis is known to be
   * away.
   */
  void announce() {
    if (redis != null && connected) {
      // From one thread alone: threads that take connections of several nodes at once may wait for
      // each other's.
      loop.runOnContext(here -> publish(redis));
    }
  }

  private void publish(Redis at) {
    if (!stopped) { // nor is there a client any more
      at.send(Request.cmd(Command.PUBLISH).arg(channel()).arg(""));
    }
  }

  private void tick(long timer, Redis from) {
    if (stopped) {
      vertx.cancelTimer(timer);
    } else if (line != null && line.isOn(channel())) {
      line.tick();
    } else if (line != null) { // the database is another deployment by now
      Line former = line;
      open(from);
      former.end();
      connected(false);
    } else if (--pause <= 0) {
      open(from);
    }
  }

  private void open(Redis from) {
    line = new Line(loop, from, channel(), this);
    line.open();
  }

  private String channel() {
    return CHANNEL + deployment.get();
  }

  /** The line is open, or still so. */
  void isOpen() {
    if (!connected) {
      hint(); // what was announced while nobody listened
    }
    outage.recovered();
    nextPause = 1;
    connected(true);
  }

  void isLost(Line lost) {
    if (line == lost) {
      line = null;
      pause = nextPause;
      nextPause = Math.min(2 * nextPause, LONGEST_PAUSE);
      connected(false);
      if (!stopped) {
        outage.failed("closed or silent");
      }
    }
  }

  void hint() {
    if (!hinted) {
      hinted = true;
      vertx.setTimer(
          GATHER_MILLIS,
          over -> {
            hinted = false;
            look.run();
          });
    }
  }

  private void connected(boolean yes) {
    connected = yes;
    metrics.connected(yes);
  }
}
