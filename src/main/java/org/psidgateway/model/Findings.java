package org.psidgateway.model;

/**
 * What is known of some ids of one Page: parallel arrays, of equal length, owned by the record. An
 * id stands at most once; no verdict is {@link Verdict#UNKNOWN}.
 *
 * @param verdicts see {@link Verdict}
 * @param checkedAt when the upstream said so, in epoch seconds; a negative expires from here on
 */
public record Findings(long[] asids, long[] verdicts, long[] checkedAt) {
  public static final Findings NONE = new Findings(new long[0], new long[0], new long[0]);

  public Findings {
    if (asids.length != verdicts.length || asids.length != checkedAt.length) {
      throw new IllegalArgumentException("arrays differ in length");
    }
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
