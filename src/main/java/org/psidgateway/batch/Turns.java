package org.psidgateway.batch;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;

/**
 * Whose batch may try next, in this pod: a bulkhead that knows lanes. As many calls are under way
 * as there are permits, and one batch at a time asks the ledger. Interactive goes before
 * background, which leaves it a permit, but for one turn a minute; of one lane, who has waited
 * longest. While the ledger has told a lane to wait, nobody of it tries. Thread-safe; holds no
 * thread.
 */
final class Turns {
  private static final long BACKGROUND_DUE = TimeUnit.SECONDS.toNanos(55);
  private static final long LONGEST_HOLD = TimeUnit.SECONDS.toNanos(10);
  private static final int JITTER_MILLIS = 15;

  private final int concurrency;
  private final LaneQueue interactive = new LaneQueue();
  private final LaneQueue background = new LaneQueue();
  private int taken;
  private int takenByBackground;
  private boolean trying;
  private boolean over;
  private long backgroundAt = System.nanoTime();
  private @Nullable CompletableFuture<Void> idle;

  Turns(int concurrency) {
    this.concurrency = concurrency;
  }

  /** Waits for the next turn; null once there are no more. */
  Uni<@Nullable Turn> next(Lane lane, long waitingSince) {
    Waiting waiting = new Waiting(lane, waitingSince);
    synchronized (this) {
      if (over) {
        return Uni.createFrom().nullItem();
      }
      queue(lane).waiting.add(waiting);
    }
    goOn();
    return Uni.createFrom().completionStage(waiting.turn);
  }

  /**
   * Nobody of the lane tries before {@code delay} has passed, or for some seconds: long waits are
   * looked at again, since what the ledger tells may get shorter.
   */
  void hold(Lane lane, Duration delay, Fate why) {
    long nanos = Math.min(delay.toNanos(), LONGEST_HOLD);
    long jitter = TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextInt(JITTER_MILLIS));
    synchronized (this) {
      long now = System.nanoTime();
      LaneQueue queue = queue(lane);
      queue.heldUntil = now + nanos + jitter;
      queue.toldUntil = now + delay.toNanos();
      queue.why = why;
    }
    arm(lane);
  }

  /**
   * One timer per lane; a new one where the lane is held for less than before. Where it fires
   * early, or the lane is held for longer by then, once more.
   */
  private void arm(Lane lane) {
    long left;
    int alarm;
    synchronized (this) {
      LaneQueue queue = queue(lane);
      left = queue.heldUntil - System.nanoTime();
      if (left > 0 && queue.armed && queue.firesAt - queue.heldUntil <= 0) {
        return;
      }
      queue.armed = left > 0;
      queue.firesAt = queue.heldUntil;
      alarm = ++queue.alarm;
    }
    if (left > 0) {
      Uni.createFrom()
          .voidItem()
          .onItem()
          .delayIt()
          .by(Duration.ofNanos(left + 1_000_000))
          .subscribe()
          .with(done -> fired(lane, alarm));
    } else {
      goOn();
    }
  }

  private void fired(Lane lane, int alarm) {
    synchronized (this) {
      if (queue(lane).alarm != alarm) {
        return; // an earlier one was set
      }
      queue(lane).armed = false;
    }
    arm(lane);
  }

  /** Why the lane is waiting now, and for how long; null where it is not. */
  synchronized @Nullable Held held(Lane lane) {
    LaneQueue queue = queue(lane);
    long left = queue.toldUntil - System.nanoTime();
    return left <= 0 ? null : new Held(queue.why, Duration.ofNanos(left));
  }

  record Held(Fate why, Duration left) {}

  /** Ends it all: nobody gets a turn any more. */
  void close() {
    List<Waiting> dismissed = new ArrayList<>();
    synchronized (this) {
      over = true;
      for (LaneQueue queue : List.of(interactive, background)) {
        dismissed.addAll(queue.waiting);
        queue.waiting.clear();
      }
    }
    dismissed.forEach(waiting -> waiting.turn.complete(null));
  }

  /** Completes once nobody has a turn. */
  synchronized CompletableFuture<Void> idle() {
    idle = idle == null ? new CompletableFuture<>() : idle;
    if (taken == 0) {
      idle.complete(null);
    }
    return idle;
  }

  synchronized boolean closed() {
    return over;
  }

  /** Calls under way, with those about to be. */
  synchronized int taken() {
    return taken;
  }

  private void goOn() {
    Waiting next;
    synchronized (this) {
      next = admit();
    }
    if (next != null) {
      next.turn.complete(new Turn(next.lane));
    }
  }

  private @Nullable Waiting admit() {
    if (over || trying || taken == concurrency) {
      return null;
    }
    long now = System.nanoTime();
    boolean mayBackground =
        background.mayTry(now) && takenByBackground < Math.max(1, concurrency - 1);
    boolean due = mayBackground && now - backgroundAt > BACKGROUND_DUE;
    Waiting next = null;
    if (!due && interactive.mayTry(now)) {
      next = interactive.waiting.poll();
    } else if (mayBackground) {
      next = background.waiting.poll();
    }
    if (next != null) {
      trying = true;
      taken++;
      takenByBackground += next.lane == Lane.BACKGROUND ? 1 : 0;
    }
    return next;
  }

  private LaneQueue queue(Lane lane) {
    return lane == Lane.BACKGROUND ? background : interactive;
  }

  /** A permit, and the right to ask the ledger. End it, whatever happens. */
  final class Turn {
    private final Lane lane;
    private boolean asks = true;
    private boolean ended;

    private Turn(Lane lane) {
      this.lane = lane;
    }

    /** The ledger has granted a call: others may ask while it is under way. Once a turn. */
    void granted() {
      synchronized (Turns.this) {
        if (lane == Lane.BACKGROUND) {
          backgroundAt = System.nanoTime();
        }
        asks = false;
        trying = false;
      }
      goOn();
    }

    /** Gives the permit back. Idempotent. */
    void end() {
      CompletableFuture<Void> last = null;
      synchronized (Turns.this) {
        if (ended) {
          return;
        }
        ended = true;
        taken--;
        takenByBackground -= lane == Lane.BACKGROUND ? 1 : 0;
        trying &= !asks;
        asks = false;
        last = taken == 0 ? idle : null;
      }
      if (last != null) {
        last.complete(null);
      }
      goOn();
    }
  }

  private record Waiting(Lane lane, long since, CompletableFuture<@Nullable Turn> turn) {
    Waiting(Lane lane, long since) {
      this(lane, since, new CompletableFuture<>());
    }
  }

  private static final class LaneQueue {
    private final PriorityQueue<Waiting> waiting =
        new PriorityQueue<>(Comparator.comparingLong(Waiting::since));
    private long heldUntil = System.nanoTime();
    private long toldUntil = heldUntil;
    private boolean armed;
    private long firesAt;
    private int alarm;
    private Fate why = Fate.QUEUED;

    private boolean mayTry(long now) {
      return !waiting.isEmpty() && heldUntil - now <= 0;
    }
  }
}
