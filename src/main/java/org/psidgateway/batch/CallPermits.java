package org.psidgateway.batch;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.psidgateway.batch.PermitQueue.Waiting;
import org.psidgateway.ledger.Account;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;

/**
 * The right to make an upstream call from this pod: a bulkhead that knows lanes. As many calls are
 * under way as there are permits, and one conversion at a time asks the ledger. Interactive goes
 * before background, except for one call per minute; background leaves it a permit; within a lane
 * the longest wait goes first, and migrations in their order (see {@link PermitQueue}). A lane that
 * is held gets no permit. Thread-safe; holds no thread.
 */
final class CallPermits {
  private static final long BACKGROUND_DUE = TimeUnit.SECONDS.toNanos(55);
  private static final long LONGEST_HOLD = TimeUnit.SECONDS.toNanos(10);
  private static final int JITTER_MILLIS = 15;

  /** Added to timers: one that fires a little early would have to be set again. */
  private static final long LATE_ENOUGH = TimeUnit.MILLISECONDS.toNanos(1);

  private final int concurrency;
  private final WorkerPool pool;
  private final LaneWaiters interactive;
  private final LaneWaiters background;
  private int taken;
  private int takenByBackground;
  private boolean asking;
  private boolean closed;
  private long backgroundAt;
  private @Nullable CompletableFuture<Void> idle;

  CallPermits(int concurrency, WorkerPool pool) {
    long now = pool.nanos();
    this.concurrency = concurrency;
    this.pool = pool;
    this.backgroundAt = now;
    this.interactive = new LaneWaiters(now);
    this.background = new LaneWaiters(now);
  }

  /**
   * Waits for a permit; emits null once there are no more.
   *
   * @param since when the wait began, by {@link WorkerPool#nanos}: the longest wait goes first
   * @param account whose call it will be; null for callers who wait
   */
  Uni<@Nullable Permit> acquire(Lane lane, long since, @Nullable Account account) {
    Waiting waiter = new Waiting(lane, since, account, new CompletableFuture<>());
    synchronized (this) {
      if (closed) {
        return Uni.createFrom().nullItem();
      }
      of(lane).queue.add(waiter);
    }
    admitNext();
    return Uni.createFrom().completionStage(waiter.permit());
  }

  /**
   * Gives the lane no permit for {@code delay}, or for ten seconds if that is shorter: what the
   * ledger says may have changed by then.
   */
  void hold(Lane lane, Duration delay, Fate why) {
    long nanos = Math.min(delay.toNanos(), LONGEST_HOLD);
    long jitter = TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextInt(JITTER_MILLIS));
    synchronized (this) {
      long now = pool.nanos();
      LaneWaiters waiters = of(lane);
      waiters.heldUntil = now + nanos + jitter;
      waiters.whyUntil = now + delay.toNanos();
      waiters.why = why;
    }
    arm(lane);
  }

  /** Why the lane is held now, and for how long; null if it is not. */
  synchronized @Nullable Held held(Lane lane) {
    LaneWaiters waiters = of(lane);
    long left = waiters.whyUntil - pool.nanos();
    return left <= 0 ? null : new Held(waiters.why, Duration.ofNanos(left));
  }

  record Held(Fate why, Duration left) {}

  /**
   * One timer per lane; a new one if the lane is held for less than before. If it fires early, or
   * the lane is held for longer by then, it is set once more.
   */
  private void arm(Lane lane) {
    long left;
    int timer;
    synchronized (this) {
      LaneWaiters waiters = of(lane);
      left = waiters.heldUntil - pool.nanos();
      if (left > 0 && waiters.armed && waiters.firesAt - waiters.heldUntil <= 0) {
        return;
      }
      waiters.armed = left > 0;
      waiters.firesAt = waiters.heldUntil;
      timer = ++waiters.timer;
    }
    if (left > 0) {
      pool.after(Duration.ofNanos(left + LATE_ENOUGH)).subscribe().with(due -> fired(lane, timer));
    } else {
      admitNext();
    }
  }

  private void fired(Lane lane, int timer) {
    synchronized (this) {
      if (of(lane).timer != timer) {
        return; // an earlier one was set
      }
      of(lane).armed = false;
    }
    arm(lane);
  }

  /** Gives no more permits; everyone who waits for one gets null. */
  void close() {
    List<Waiting> dismissed = new ArrayList<>();
    synchronized (this) {
      closed = true;
      for (LaneWaiters waiters : List.of(interactive, background)) {
        dismissed.addAll(waiters.queue.clear());
      }
    }
    dismissed.forEach(waiter -> waiter.permit().complete(null));
  }

  int concurrency() {
    return concurrency;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** Completes once no permit is taken. */
  synchronized CompletableFuture<Void> idle() {
    idle = idle == null ? new CompletableFuture<>() : idle;
    if (taken == 0) {
      idle.complete(null);
    }
    return idle;
  }

  /** Calls under way, or about to be. */
  synchronized int taken() {
    return taken;
  }

  private void admitNext() {
    Waiting next;
    synchronized (this) {
      next = next();
    }
    if (next != null) {
      next.permit().complete(new Permit(next));
    }
  }

  private @Nullable Waiting next() {
    if (closed || asking || taken == concurrency) {
      return null;
    }
    long now = pool.nanos();
    boolean mayBackground =
        background.mayGo(now) && takenByBackground < Math.max(1, concurrency - 1);
    boolean due = mayBackground && now - backgroundAt > BACKGROUND_DUE;
    Waiting next = null;
    if (!due && interactive.mayGo(now)) {
      next = interactive.queue.poll();
    } else if (mayBackground) {
      next = background.queue.poll();
    }
    if (next != null) {
      asking = true;
      taken++;
      takenByBackground += next.lane() == Lane.BACKGROUND ? 1 : 0;
    }
    return next;
  }

  private LaneWaiters of(Lane lane) {
    return lane == Lane.BACKGROUND ? background : interactive;
  }

  /** The right to ask the ledger, and to make the call that it grants. Thread-safe. */
  final class Permit implements AutoCloseable {
    private final Lane lane;
    private final Waiting waiter;
    private boolean asks = true;
    private boolean closed;

    private Permit(Waiting waiter) {
      this.lane = waiter.lane();
      this.waiter = waiter;
    }

    /** The ledger has granted a call: while it is under way others may ask. */
    void granted() {
      synchronized (CallPermits.this) {
        if (lane == Lane.BACKGROUND) {
          backgroundAt = pool.nanos();
          background.queue.granted(waiter);
        }
        asks = false;
        asking = false;
      }
      admitNext();
    }

    /** Gives the permit back. Idempotent. */
    @Override
    public void close() {
      CompletableFuture<Void> last = null;
      synchronized (CallPermits.this) {
        if (closed) {
          return;
        }
        closed = true;
        taken--;
        takenByBackground -= lane == Lane.BACKGROUND ? 1 : 0;
        asking &= !asks;
        asks = false;
        last = taken == 0 ? idle : null;
      }
      if (last != null) {
        last.complete(null);
      }
      admitNext();
    }
  }

  private static final class LaneWaiters {
    private final PermitQueue queue = new PermitQueue();
    private long heldUntil;
    private long whyUntil;
    private Fate why = Fate.QUEUED;
    private boolean armed;
    private long firesAt;
    private int timer;

    private LaneWaiters(long now) {
      heldUntil = now;
      whyUntil = now;
    }

    private boolean mayGo(long now) {
      return !queue.isEmpty() && heldUntil - now <= 0;
    }
  }
}
