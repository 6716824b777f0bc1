package org.psidgateway.ops;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.impl.ContextInternal;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.psidgateway.time.Ticker;

/**
 * Runs blocking work on a bounded number of worker threads: a server that hangs holds these threads
 * and leaves all others alone. Work that finds every place taken waits in a queue, without a
 * thread. Thread-safe.
 */
public final class Workers {
  /** What is slower keeps a deadline only because its caller is patient: others miss theirs. */
  private static final long QUICK = TimeUnit.MILLISECONDS.toNanos(350);

  private final Executor threads;
  private final Ticker ticker;
  private final int places;
  private final @Nullable OutageLog late;
  private final Set<Job<?>> line = new LinkedHashSet<>();
  private int taken;

  /** On the threads that Quarkus has for blocking work. */
  public Workers(int places) {
    this(places, null);
  }

  Workers(int places, @Nullable OutageLog late) {
    this(places, late, task -> Infrastructure.getDefaultExecutor().execute(task), Ticker.system());
  }

  public Workers(int places, Executor threads, Ticker ticker) {
    this(places, null, threads, ticker);
  }

  /**
   * @param late learns of each missed deadline, and of each answer within its deadline; null for
   *     none
   */
  Workers(int places, @Nullable OutageLog late, Executor threads, Ticker ticker) {
    this.places = places;
    this.late = late;
    this.threads = threads;
    this.ticker = ticker;
  }

  /**
   * What {@code work} answers. Fails with a {@link TimeoutException} at the deadline, whether it
   * was begun or not; what was not begun by then, or when the subscriber cancels, never is. A
   * missed deadline is emitted on the caller's event loop, where it has one, else on any thread;
   * all else on the worker.
   *
   * @param deadline by {@link Ticker#nanos()}
   */
  public <T> Uni<T> call(long deadline, Callable<T> work) {
    return Uni.createFrom()
        .deferred(
            () -> {
              Job<T> job = new Job<>(work, ticker.nanos());
              return Uni.createFrom()
                  .completionStage(() -> begin(deadline, job))
                  .onItemOrFailure()
                  .invoke((answer, failure) -> note(job, deadline, failure))
                  .onFailure(TimeoutException.class)
                  .recoverWithUni(job::failAtCaller)
                  .onTermination()
                  .invoke(() -> leave(job));
            });
  }

  /** How many jobs wait for a place. */
  synchronized int waiting() {
    return line.size();
  }

  private <T> CompletableFuture<T> begin(long deadline, Job<T> job) {
    synchronized (this) {
      line.add(job);
    }
    job.answer.orTimeout(deadline - ticker.nanos(), TimeUnit.NANOSECONDS);
    next();
    return job.answer;
  }

  private void note(Job<?> job, long deadline, @Nullable Throwable failure) {
    long now = ticker.nanos();
    if (late == null) {
      return;
    }
    if (failure == null && now - job.begun <= QUICK) {
      late.recovered();
    } else if (failure instanceof TimeoutException && now - deadline >= 0) {
      late.failed(load());
    }
  }

  private synchronized String load() {
    return taken + " of " + places + " places taken, " + line.size() + " requests wait";
  }

  private synchronized void leave(Job<?> job) {
    line.remove(job);
  }

  private void next() {
    for (Job<?> job = take(); job != null && !isBegun(job); job = take()) {
      free();
      job.answer.completeExceptionally(new TimeoutException("the process is about to end"));
    }
  }

  private boolean isBegun(Job<?> job) {
    // A thread takes over the context in which it is asked for: the job's, not that of the job
    // before it, whose request its log lines would name.
    ContextInternal before = job.caller == null ? null : job.caller.beginDispatch();
    try {
      threads.execute(() -> run(job));
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    } finally {
      if (job.caller != null) {
        job.caller.endDispatch(before);
      }
    }
  }

  private synchronized @Nullable Job<?> take() {
    Iterator<Job<?>> first = line.iterator();
    if (taken == places || !first.hasNext()) {
      return null;
    }
    Job<?> job = first.next();
    first.remove();
    taken++;
    return job;
  }

  /** The place is free before the caller goes on, on this thread, for as long as that takes. */
  private void run(Job<?> job) {
    Runnable answered = job.run();
    free();
    next();
    answered.run();
  }

  private synchronized void free() {
    taken--;
  }

  private static final class Job<T> {
    final CompletableFuture<T> answer = new CompletableFuture<>();
    final long begun;
    final @Nullable ContextInternal caller = ContextInternal.current();
    private final Callable<T> work;

    Job(Callable<T> work, long begun) {
      this.work = work;
      this.begun = begun;
    }

    /** One thread keeps time for the whole process: no answer is made there. */
    Uni<T> failAtCaller(Throwable failure) {
      Uni<T> failed = Uni.createFrom().failure(failure);
      return caller == null
          ? failed
          : failed.emitOn(task -> caller.runOnContext(here -> task.run()));
    }

    Runnable run() {
      if (answer.isDone()) {
        return () -> {}; // nobody is waiting any more: spare the server the work
      }
      try {
        T result = work.call();
        return () -> answer.complete(result);
      } catch (Throwable failure) { // an Error too: somebody waits
        return () -> answer.completeExceptionally(failure);
      }
    }
  }
}
