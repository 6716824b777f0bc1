package org.psidgateway.batch;

import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Source;

/**
 * One request's wait for the blank lines of its sheet. The sheet belongs to the ticket until {@link
 * #leave}; afterwards nobody else writes on it. Thread-safe.
 */
public final class Ticket {
  private final Answers answers;
  private final Desk desk;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private int missing;
  private boolean left;

  Ticket(Answers answers, Desk desk) {
    this.answers = answers;
    this.desk = desk;
    this.missing = answers.open();
  }

  /** Emits once every line has a final answer. Never fails, holds no thread. */
  public Uni<Void> done() {
    return Uni.createFrom().completionStage(done);
  }

  /**
   * Stops waiting while the work goes on: lines still blank become pending, with the reason and the
   * time to ask again.
   */
  public void leave() {
    desk.leave(this);
  }

  synchronized void know(int line, long verdict, Source source) {
    if (!left && answers.isOpen(line)) {
      answers.know(line, verdict, source);
      missing--;
    }
  }

  synchronized void settle(int line, Fate fate, int retryAfterSeconds) {
    if (!left && answers.isOpen(line)) {
      answers.settle(line, fate);
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

  synchronized void close() {
    left = true;
  }

  Answers answers() {
    return answers;
  }
}
