package org.psidgateway.forecast;

/**
 * How the latest calls went, those of all Pages.
 *
 * @param ended within the last hour
 * @param unanswered of these: throttled, refused for a while, or of unknown outcome
 * @param lost of these: of unknown outcome
 * @param cooldown how long the latest throttle of the last hour stopped calls, in microseconds; 0
 *     if there was none
 * @param timed calls that tell how long one takes, of whatever age
 * @param took on average from grant to settlement, in microseconds
 * @param tookAtMost nine of ten were faster
 */
record RecentCalls(
    long ended, long unanswered, long lost, long cooldown, long timed, long took, long tookAtMost) {
  /** Where no call was seen yet. */
  private static final long USUAL = 300_000;

  private static final long USUAL_AT_MOST = 1_000_000;

  /** Nothing is so bad that no tenth of the calls is answered, or nobody would ask. */
  private static final double MOST_UNANSWERED = 0.9;

  /** Fewer calls than this say little of how many go wrong. */
  private static final int TELLING = 20;

  private static final int ENOUGH = 10;

  static final RecentCalls NONE = new RecentCalls(0, 0, 0, 0, 0, 0, 0);

  long typicalTime() {
    return timed == 0 ? USUAL : Math.max(1, took);
  }

  long longTime() {
    return Math.max(typicalTime(), timed == 0 ? USUAL_AT_MOST : tookAtMost);
  }

  /** The share of calls that have to be made again. */
  double typicalUnanswered() {
    return Math.min(MOST_UNANSWERED, (double) unanswered / Math.max(TELLING, ended));
  }

  /**
   * The share by {@code deviations} standard deviations above what was seen, as if besides one in
   * twenty had gone wrong.
   */
  double highUnanswered(double deviations) {
    double all = (double) ended + TELLING;
    double share = Math.min(1, (unanswered + 1) / all);
    double high = share + deviations * Math.sqrt(share * (1 - share) / all);
    return Math.max(typicalUnanswered(), Math.min(MOST_UNANSWERED, high));
  }

  /** Whether half of them, or more, have no known outcome. */
  boolean upstreamUnavailable() {
    return ended >= ENOUGH && 2 * lost >= ended;
  }
}
