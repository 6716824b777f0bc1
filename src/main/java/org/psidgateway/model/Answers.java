package org.psidgateway.model;

import org.jspecify.annotations.Nullable;

/**
 * The sheet on which one request's answers are written: one line per id, each written once. Arrays
 * instead of an object per id, since a list of known ids is the hot path.
 *
 * <p>Not thread-safe: a thread that fills it hands it on with a happens-before edge.
 */
public final class Answers {
  private final long[] asids;
  private final long[] psids;
  private final @Nullable Fate[] fates;
  private final @Nullable Source[] sources;
  private int open;
  private int retryAfterSeconds;

  /** A blank sheet. {@code asids} are distinct and belong to the sheet from now on. */
  public Answers(long[] asids) {
    this.asids = asids;
    this.psids = new long[asids.length];
    this.fates = new Fate[asids.length];
    this.sources = new Source[asids.length];
    this.open = asids.length;
  }

  public int size() {
    return asids.length;
  }

  /** How many lines are still blank. */
  public int open() {
    return open;
  }

  public boolean isOpen(int i) {
    return fates[i] == null;
  }

  public long asid(int i) {
    return asids[i];
  }

  /** The PSID of a mapped line; 0 for any other. */
  public long psid(int i) {
    return psids[i];
  }

  public @Nullable Fate fate(int i) {
    return fates[i];
  }

  /** Where a mapped, unmapped or rejected line came from; null for any other. */
  public @Nullable Source source(int i) {
    return sources[i];
  }

  /** When a pending line is worth asking again; one figure serves the whole sheet. */
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }

  /** The longest wait so far stands. */
  public void retryAfterSeconds(int seconds) {
    retryAfterSeconds = Math.max(retryAfterSeconds, seconds);
  }

  /** Writes what is known of line {@code i}. Ignored if the line is already written. */
  public void answer(int i, long verdict, Source source) {
    if (fates[i] == null) {
      fates[i] = Verdict.fate(verdict);
      psids[i] = Math.max(verdict, 0);
      sources[i] = source;
      open--;
    }
  }

  /** Writes what was found, in any order, on the blank lines. */
  public void answer(Findings findings, Source source) {
    IdPositions positions = new IdPositions(findings.asids());
    for (int i = 0; i < asids.length; i++) {
      int found = fates[i] == null ? positions.of(asids[i]) : -1;
      if (found >= 0) {
        answer(i, findings.verdicts()[found], source);
      }
    }
  }

  /** Writes a fate without an answer. Ignored if the line is already written. */
  public void close(int i, Fate fate) {
    if (fates[i] == null) {
      fates[i] = fate;
      open--;
    }
  }

  /** Whether line {@code i} says that the upstream gave no PSID for its id. */
  public boolean isNegative(int i) {
    return fates[i] == Fate.NOT_RETURNED_BY_UPSTREAM || fates[i] == Fate.REJECTED_BY_UPSTREAM;
  }

  /** Makes line {@code i} blank again: the one way to write a line twice. */
  public void erase(int i) {
    if (fates[i] != null) {
      fates[i] = null;
      sources[i] = null;
      psids[i] = 0;
      open++;
    }
  }

  /** Writes {@code fate} on every blank line. */
  public void closeRest(Fate fate) {
    for (int i = 0; open > 0 && i < fates.length; i++) {
      close(i, fate);
    }
  }

  /** The ids of the blank lines, in the order of the sheet. */
  public long[] openAsids() {
    long[] left = new long[open];
    for (int i = 0, n = 0; n < left.length; i++) {
      if (fates[i] == null) {
        left[n++] = asids[i];
      }
    }
    return left;
  }
}
