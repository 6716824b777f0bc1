package org.psidgateway.batch;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.trace.Step;
import org.psidgateway.trace.Trace;

/**
 * One request's wait for the open lines of its answers. These belong to the ticket until {@link
 * #done} emits; afterwards nobody else writes them. Thread-safe.
 */
public final class Ticket {
  private final Answers answers;
  private final PageQueue queue;
  private final WorkerPool pool;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final long since;

  /** Stands for the request in the queue, which may need it for longer than its answers. */
  final Object request;

  /** The Page whose PSIDs are wanted: one set for all lines, which most ids share. */
  final Set<PageId> page;

  final String caller;
  final Trace trace;

  private int missing;
  private boolean closed;
  private volatile boolean joined;

  Ticket(
      PageId page, String caller, Answers answers, PageQueue queue, WorkerPool pool, Trace trace) {
    this.page = Set.of(page);
    this.request = queue.account == null ? new Object() : queue.account; // one list, in its order
    this.caller = caller;
    this.answers = answers;
    this.queue = queue;
    this.pool = pool;
    this.since = pool.nanos();
    this.trace = trace;
    this.missing = answers.open();
  }

  /** For a caller that comes while the pod goes down: every open line becomes pending. */
  static Ticket turnedAway(
      PageId page, String caller, Answers answers, PageQueue queue, WorkerPool pool, Trace trace) {
    Ticket ticket = new Ticket(page, caller, answers, queue, pool, trace);
    ticket.done.complete(null);
    return ticket;
  }

  /**
   * Emits once every line has a final answer, however long that takes. Never fails. For background
   * migrations, which have no caller whose patience could end.
   */
  public Uni<Void> done() {
    return wait(Optional.empty());
  }

  /**
   * Emits once every line has a final answer, or when {@code patience} has run out: then the work
   * goes on without the ticket, and lines still open become pending, with the reason and the time
   * to ask again. Never fails, holds no thread.
   */
  public Uni<Void> done(Duration patience) {
    if (patience.isZero() || patience.isNegative()) {
      queue.leave(this);
      return Uni.createFrom().voidItem();
    }
    return wait(Optional.of(patience));
  }

  private Uni<Void> wait(Optional<Duration> patience) {
    // Not Mutiny's ifNoItem(): it loses the signal if the time is up before it has subscribed.
    Runnable disarm = patience.map(this::arm).orElse(() -> {});
    CompletableFuture<Void> end = // comes even if nobody takes the answer
        done.thenRun(disarm).thenRunAsync(() -> queue.leave(this), callersOwn());
    return trace
        .step(Step.WAIT, missing(), () -> Uni.createFrom().completionStage(end.copy()))
        .onTermination() // a caller that hangs up cancels
        .invoke(this::left);
  }

  private Runnable arm(Duration patience) {
    Cancellable timer = pool.ticker().after(patience).subscribe().with(over -> done.complete(null));
    return timer::cancel;
  }

  /** Leaves nothing behind, neither in the queue nor in the timer of its patience. */
  private void left() {
    queue.leave(this);
    done.complete(null);
  }

  private synchronized int missing() {
    return missing;
  }

  /** The caller's event loop, if it has one: worker threads may all be waiting for PostgreSQL. */
  private Executor callersOwn() {
    Context context = Vertx.currentContext();
    return context == null || !context.isEventLoopContext()
        ? pool.threads()
        : work -> context.runOnContext(now -> work.run());
  }

  synchronized void answer(int line, long verdict, Source source) {
    if (!closed && answers.isOpen(line)) {
      answers.answer(line, verdict, source);
      missing--;
    }
  }

  /**
   * @param left until it is worth asking again, if the fate is one that passes
   */
  synchronized void close(int line, Fate fate, Duration left) {
    if (!closed && answers.isOpen(line)) {
      answers.close(line, fate);
      if (fate.status() == Fate.Status.PENDING || fate == Fate.QUEUE_FULL) {
        answers.retryAfterSeconds((int) Math.min(Integer.MAX_VALUE, left.toSeconds() + 1));
      }
      missing--;
    }
  }

  /**
   * Ends the wait if nothing is missing; call it with no lock held, since callers go on from here.
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

  /** Whether the answers are their caller's again: nobody waits any more. */
  synchronized boolean isClosed() {
    return closed;
  }

  synchronized void close() {
    closed = true;
  }

  /** Its open lines wait in the queue, and have to be taken off it. */
  void joined() {
    joined = true;
  }

  /** False for a caller that was turned away. */
  boolean hasJoined() {
    return joined;
  }

  Duration age() {
    return Duration.ofNanos(pool.nanos() - since);
  }

  Answers answers() {
    return answers;
  }
}
