package org.psidgateway.testing;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.psidgateway.time.Ticker;

/**
 * Time that passes when a test says so: hours in a moment. Timers go off on the thread that
 * advances it, in their order, each at its own time.
 */
public final class ManualTicker implements Ticker {
  private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(ManualTicker::order);
  private final AtomicLong set = new AtomicLong();
  private long now = Long.MAX_VALUE / 2 - 1; // as odd as any

  private record Alarm(long at, long number, UniEmitter<? super Void> emitter) {}

  @Override
  public synchronized long nanos() {
    return now;
  }

  @Override
  public Uni<Void> after(Duration delay) {
    if (delay.isZero() || delay.isNegative()) {
      return Uni.createFrom().voidItem();
    }
    return Uni.createFrom()
        .emitter(
            emitter -> {
              Alarm alarm = add(delay, emitter);
              emitter.onTermination(() -> remove(alarm));
            });
  }

  private synchronized Alarm add(Duration delay, UniEmitter<? super Void> emitter) {
    Alarm alarm = new Alarm(now + delay.toNanos(), set.incrementAndGet(), emitter);
    alarms.add(alarm);
    return alarm;
  }

  private synchronized void remove(Alarm alarm) {
    alarms.remove(alarm);
  }

  /** How many timers are set. */
  public synchronized int armed() {
    return alarms.size();
  }

  /**
   * Lets time pass, and everything happen that is due meanwhile, including timers set on the way.
   */
  public void advance(Duration time) {
    long end = nanos() + time.toNanos();
    for (Alarm due = next(end); due != null; due = next(end)) {
      due.emitter().complete(null);
    }
    synchronized (this) {
      now = later(now, end); // what happened may have let time pass itself
    }
  }

  private synchronized Alarm next(long end) {
    Alarm first = alarms.peek();
    if (first == null || first.at() - end > 0) {
      return null;
    }
    now = later(now, first.at());
    return alarms.poll();
  }

  // Nanoseconds may wrap round.
  private static int order(Alarm one, Alarm other) {
    return one.at == other.at
        ? Long.compare(one.number, other.number)
        : Long.signum(one.at - other.at);
  }

  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }
}
