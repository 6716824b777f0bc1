package org.psidgateway.model;

import java.time.Instant;
import java.util.Arrays;

/**
 * What is known of some ids of one Page, from the upstream's answer to the caller's: parallel
 * arrays, of equal length, owned by the record. An id stands at most once; no verdict is {@link
 * Verdict#UNKNOWN}.
 *
 * @param verdicts see {@link Verdict}
 * @param checkedAt when the upstream's answer was committed, in epoch seconds, from which a
 *     negative expires; 0 until then
 */
public record Findings(long[] asids, long[] verdicts, long[] checkedAt) {
  public static final Findings NONE = new Findings(new long[0], new long[0], new long[0]);

  public Findings {
    if (asids.length != verdicts.length || asids.length != checkedAt.length) {
      throw new IllegalArgumentException("arrays differ in length");
    }
  }

  /** What the upstream has just said, not committed yet. */
  public static Findings of(long[] asids, long[] verdicts) {
    return new Findings(asids, verdicts, new long[asids.length]);
  }

  /** One verdict for all of these ids, not committed yet. */
  public static Findings of(long[] asids, long verdict) {
    long[] verdicts = new long[asids.length];
    Arrays.fill(verdicts, verdict);
    return of(asids, verdicts);
  }

  /** The same, once it is committed: every tier then holds the time that the rows have. */
  public Findings committed(Instant at) {
    long[] times = new long[asids.length];
    Arrays.fill(times, at.getEpochSecond());
    return new Findings(asids, verdicts, times);
  }

  public int size() {
    return asids.length;
  }

  /** The same knowledge of one id, to the second. */
  public static Findings of(Mapping mapping) {
    return new Findings(
        new long[] {mapping.asid()},
        new long[] {mapping.verdict()},
        new long[] {mapping.checkedAt().getEpochSecond()});
  }
}
