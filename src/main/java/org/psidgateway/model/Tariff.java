package org.psidgateway.model;

/**
 * What the calls of an upstream cost, and how long they may be made: all that batch, limits and
 * ledger need to know of it.
 *
 * @param batchSize most ids that one call carries, 1 or more
 * @param countsIds whether each id counts as a call at the upstream's rate limit; else a batch is
 *     one call, whatever its size
 * @param spendsQuota whether PSIDs returned count against the lifetime quota
 * @param window how long the upstream may be asked
 * @param pageTokens whether a Page is asked about with its own token
 * @param perPerson whether one question about an id tells its PSIDs on all Pages: then an id is
 *     asked once for all of them
 */
public record Tariff(
    int batchSize,
    boolean countsIds,
    boolean spendsQuota,
    Window window,
    boolean pageTokens,
    boolean perPerson) {
  /** For a call that is known by its row alone, which has what it costs. */
  public static final Tariff NONE = new Tariff(1, false, false, Window.ENDLESS, true, false);

  /** Of an archive, which has no upstream: no call is ever granted. */
  public static final Tariff ARCHIVE = new Tariff(1, false, false, Window.SEALED, false, false);

  /** How long an upstream may be asked. */
  public enum Window {
    /** For as long as it exists. */
    ENDLESS,
    /** Until a date, or until an admin seals the window. */
    LIMITED,
    /** No more: there is none. */
    SEALED
  }

  /** Whether there may come a time after which unknown ids stay unknown. */
  public boolean isWindowed() {
    return window != Window.ENDLESS;
  }

  /** Whether that time has come for good, whatever the dates say. */
  public boolean isSealed() {
    return window == Window.SEALED;
  }

  /** What ids are asked for that are wanted of this Page. */
  public PageId scope(PageId page) {
    return perPerson ? PageId.ANY : page;
  }

  /** How many of the wanted ids fit into one call. */
  public int ids(int wanted) {
    return Math.min(wanted, batchSize);
  }

  /** How many calls a batch of this size counts as. */
  public int calls(int ids) {
    return countsIds ? ids : 1;
  }

  /** Units of the quota that a batch of this size may cost. */
  public int units(int ids) {
    return spendsQuota ? ids : 0;
  }
}
