package org.psidgateway.migration;

/**
 * What became of a list. At every moment {@code received = malformed + duplicates + distinct} and
 * {@code distinct = alreadyKnown + mapped + unmapped + invalid + failed + inFlight + remaining}.
 *
 * @param received rows
 * @param distinct ids
 * @param alreadyKnown mapped when the list was compared with what is known
 * @param inFlight in calls under way, or in calls whose outcome nobody knows
 */
public record Counts(
    long received,
    long malformed,
    long duplicates,
    long distinct,
    long alreadyKnown,
    long mapped,
    long unmapped,
    long invalid,
    long failed,
    long inFlight) {

  /** Ids that were never attempted. */
  public long remaining() {
    return distinct - alreadyKnown - mapped - unmapped - invalid - failed - inFlight;
  }

  /** The share of ids that are done: 0 to 100; 100 for none. */
  public double percent() {
    return distinct == 0 ? 100 : 100.0 * (distinct - remaining() - inFlight) / distinct;
  }
}
