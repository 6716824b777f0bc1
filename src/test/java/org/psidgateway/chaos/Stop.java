package org.psidgateway.chaos;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One connection held at a failpoint, from when it gets there until the test decides. */
final class Stop {
  final Failpoint point;
  private final CompletableFuture<Void> reached = new CompletableFuture<>();
  private final CompletableFuture<Boolean> passes = new CompletableFuture<>();

  Stop(Failpoint point) {
    this.point = point;
  }

  /** Returns once a connection is held here. */
  void awaitReached() {
    try {
      reached.get(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("no call came by " + point, e);
    }
  }

  void whenReached(Runnable then) {
    reached.thenRunAsync(then);
  }

  /** Lets the message that was held go its way. */
  void release() {
    passes.complete(true);
  }

  /** Cuts the connection: the message is never delivered. */
  void lose() {
    passes.complete(false);
  }

  void hold() throws IOException {
    reached.complete(null);
    if (!passes.join()) {
      throw new IOException("lost at " + point);
    }
  }
}
