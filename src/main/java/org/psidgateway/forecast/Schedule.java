package org.psidgateway.forecast;

import org.psidgateway.limits.Grants;
import org.psidgateway.limits.Outlook;

/**
 * When calls are granted, one after the other, if each takes equally long. For one use; not
 * thread-safe.
 */
final class Schedule {
  /** Each of so many calls is granted in thought; the rest follow at the pace that they keep. */
  private static final long EXACT = 200_000;

  /** A call of a paced upstream has arrived by then, as its pod sets it a deadline at first. */
  private static final long SENDING_DEADLINE = 250_000;

  /** What a pod adds to the time that it saw: the way to the upstream. */
  private static final long WAY = 50_000;

  /** A thousand years: whatever lies further ahead is never. */
  private static final double FURTHEST = 3.2e16;

  private final Outlook outlook;
  private final long took;
  private final int cost;
  private final Grants grants;

  /** The latest grants, as many as there are slots. */
  private final long[] underWay;

  private final double spacing;
  private final long start;
  private long made;
  private long last;
  private long next;

  /**
   * @param took how long a call takes, in microseconds
   * @param deviations by how many standard deviations there are more interactive calls than lately
   */
  Schedule(Outlook outlook, int slots, long took, double deviations) {
    this.outlook = outlook;
    this.took = took;
    this.cost = outlook.tariff().calls(outlook.mostIds());
    long arrivesWithin = Math.min(SENDING_DEADLINE, took + WAY);
    this.grants = outlook.pace().grants(cost, arrivesWithin, deviations);
    this.underWay = new long[slots];
    double paced = outlook.pace().spacing(cost, arrivesWithin, deviations);
    this.spacing = Math.max(paced, (double) took / slots);
    this.start = Math.max(outlook.now(), outlook.hold().map(Outlook.Stop::until).orElse(0L));
    this.last = start;
    this.next = start;
  }

  /** How many calls carry so many ids. */
  static long calls(long ids, int mostIds) {
    return (ids + mostIds - 1) / mostIds;
  }

  /**
   * When the last call of the work is answered.
   *
   * @param unanswered share of the calls that have to be made again
   * @param sure how sure it is to be that no more have to: half of a call is rounded up for 0.5, a
   *     tenth of one for 0.9
   */
  long end(Work work, double unanswered, double sure) {
    long before = calls(work.idsBefore(), outlook.mostIds());
    long own = calls(work.ids(), outlook.mostIds());
    grant(before + again(before, unanswered, sure), cost, 0);
    double apart = work.share() < 1 ? spacing / work.share() : 0;
    grant(own - 1 + again(own, unanswered, sure), cost, apart);
    int rest = (int) (work.ids() - (own - 1) * outlook.mostIds());
    grant(1, outlook.tariff().calls(rest), apart);
    return last + took;
  }

  private static long again(long calls, double unanswered, double sure) {
    return (long) (calls * unanswered / (1 - unanswered) + sure);
  }

  /**
   * @param apart how far they are from each other, at least
   */
  private void grant(long calls, int each, double apart) {
    long exact = Math.min(calls, Math.max(0, EXACT - made));
    for (long i = 0; i < exact; i++) {
      int slot = (int) (made % underWay.length);
      long free = made < underWay.length ? start : underWay[slot] + took;
      last = grants.next(Math.max(free, next), each);
      next = last + (long) apart;
      underWay[slot] = last;
      made++;
    }
    double further = (calls - exact) * Math.max(spacing, apart);
    last = (long) Math.min(last + further, outlook.now() + FURTHEST);
    made += calls - exact;
  }
}
