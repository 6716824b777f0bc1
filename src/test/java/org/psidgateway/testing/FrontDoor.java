package org.psidgateway.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * What a Kubernetes Service is to callers: each new connection goes to a pod that was ready when it
 * was last asked, and stays there until either end closes it. Nothing is tried twice: a caller that
 * reaches a pod that has gone meanwhile is reset.
 */
public final class FrontDoor implements AutoCloseable {
  private static final int NOBODY_LISTENS_THERE = 0;

  private final List<Pod> pods = new CopyOnWriteArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();
  private final FaultyProxy link = new FaultyProxy(this::next);
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private volatile List<Pod> ready = List.of();

  /** A pod that goes is found out at the next poll, as long as it then answers that it goes. */
  public FrontDoor(long pollMillis) {
    clock.scheduleWithFixedDelay(this::poll, 0, pollMillis, TimeUnit.MILLISECONDS);
  }

  public int port() {
    return link.port();
  }

  /** Returns once callers are sent there. */
  public void add(Pod pod) {
    pods.add(pod);
    Awaitility.await().until(() -> ready.contains(pod));
  }

  /** Forgets one that has ended. */
  public void remove(Pod pod) {
    pods.remove(pod);
  }

  private void poll() {
    ready = pods.stream().filter(Pod::isReady).toList();
  }

  private int next() {
    List<Pod> now = ready;
    return now.isEmpty()
        ? NOBODY_LISTENS_THERE
        : now.get(Math.floorMod(turn.getAndIncrement(), now.size())).uri("/").getPort();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    link.close();
  }
}
