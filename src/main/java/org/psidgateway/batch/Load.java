package org.psidgateway.batch;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What waits in this pod: unknown ids, and lines of callers that wait for them; each is bounded, so
 * that neither many ids nor many callers for the same ones can fill the heap. Thread-safe; requests
 * for many Pages at the same moment may exceed the bound by a few.
 */
final class Load {
  private final int most;
  private final AtomicInteger ids = new AtomicInteger();
  private final AtomicInteger lines = new AtomicInteger();

  Load(int most) {
    this.most = most;
  }

  /** Counts one more line, and its id if that is new; false if there is no room. */
  boolean admits(boolean newId) {
    if (lines.get() >= most || newId && ids.get() >= most) {
      return false;
    }
    lines.incrementAndGet();
    ids.addAndGet(newId ? 1 : 0);
    return true;
  }

  void ids(int change) {
    ids.addAndGet(change);
  }

  void lines(int change) {
    lines.addAndGet(change);
  }

  int ids() {
    return ids.get();
  }

  int lines() {
    return lines.get();
  }

  /** How many more ids there is room for. */
  int room() {
    return Math.max(0, Math.min(most - ids.get(), most - lines.get()));
  }

  int most() {
    return most;
  }
}
