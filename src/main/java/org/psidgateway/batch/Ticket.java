package org.psidgateway.batch;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Source;
import org.psidgateway.trace.Step;
import org.psidgateway.trace.Trace;

/**
 * One request's wait for the blank lines of its sheet. The sheet belongs to the ticket until {@link
 * #done} emits; afterwards nobody else writes on it. Thread-safe.
 */
public final class Ticket {
  private final Answers answers;
  private final Desk desk;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final long since = System.nanoTime();

  /** Stands for the request in the queue, where it may stay for longer than its sheet is needed. */
  final Object request = new Object();

  final Trace trace;

  private int missing;
  private boolean closed;
  private volatile boolean boarded;

  Ticket(Answers answers, Desk desk, Trace trace) {
    this.answers = answers;
    this.desk = desk;
    this.trace = trace;
    this.missing = answers.open();
  }

  /**
   * Emits once every line has a final answer, or when {@code patience} has run out: then the work
   * goes on without the ticket, and lines still blank become pending, with the reason and the time
   * to ask again. Never fails, holds no thread.
   */
  public Uni<Void> done(Duration patience) {
    if (patience.isZero() || patience.isNegative()) {
      desk.leave(this);
      return Uni.createFrom().voidItem();
    }
    // Not Mutiny's ifNoItem(): it loses the signal where the time is up before it has subscribed.
    Executor caller = callersOwn();
    CompletableFuture<Void> end =
        done.completeOnTimeout(null, patience.toNanos(), TimeUnit.NANOSECONDS)
            .thenRunAsync(() -> desk.leave(this), caller); // even if nobody takes the answer
    return trace
        .step(Step.WAIT, missing(), () -> Uni.createFrom().completionStage(end.copy()))
        .onTermination() // a caller that hangs up cancels
        .invoke(this::left);
  }

  /** Nothing of it stays behind, neither in the queue nor in the timer of its patience. */
  private void left() {
    desk.leave(this);
    done.complete(null);
  }

  private synchronized int missing() {
    return missing;
  }

  /**
   * The caller's event loop, where it has one: worker threads may all be waiting for PostgreSQL.
   */
  private static Executor callersOwn() {
    Context context = Vertx.currentContext();
    return context == null || !context.isEventLoopContext()
        ? Infrastructure.getDefaultExecutor()
        : work -> context.runOnContext(now -> work.run());
  }

  synchronized void know(int line, long verdict, Source source) {
    if (!closed && answers.isOpen(line)) {
      answers.answer(line, verdict, source);
      missing--;
    }
  }

  synchronized void settle(int line, Fate fate, int retryAfterSeconds) {
    if (!closed && answers.isOpen(line)) {
      answers.close(line, fate);
      if (fate.status() == Fate.Status.PENDING || fate == Fate.QUEUE_FULL) {
        answers.retryAfterSeconds(retryAfterSeconds);
      }
      missing--;
    }
  }

  /**
   * Ends the wait where nothing is missing; call it with no lock held, since callers go on from
   * here.
   */
  void endIfComplete() {
    boolean complete;
    synchronized (this) {
      complete = missing == 0;
    }
    if (complete) {
      done.complete(null);
    }
  }

  /** Ends the wait, whatever is missing. */
  void end() {
    done.complete(null);
  }

  /** Whether the sheet is its caller's again: nobody waits any more. */
  synchronized boolean isClosed() {
    return closed;
  }

  synchronized void close() {
    closed = true;
  }

  /** It waits with flights of the desk, and has to be taken off them. */
  void board() {
    boarded = true;
  }

  /** False for one that was turned away before. */
  boolean isBoarded() {
    return boarded;
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - since);
  }

  Answers answers() {
    return answers;
  }
}
