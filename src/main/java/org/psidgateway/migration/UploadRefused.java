package org.psidgateway.migration;

/** A list that is not taken. Nothing of it was kept. */
public final class UploadRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong with it. */
  public enum Why {
    /** Another request with the same key is at it; worth another try soon. */
    UNDER_WAY,
    /** The key has made a migration of other bytes. */
    OTHER_BODY,
    /** The body is not the one that was promised. */
    DAMAGED,
    /** There is no row in the body. */
    EMPTY,
    /** The deadline has passed. */
    OVERDUE,
    /** The Page is not registered. */
    NO_PAGE,
    /** The migration whose rows were wanted is gone. */
    NO_PARENT,
    /** Enough lists are under way in this process; worth another try soon. */
    BUSY
  }

  private final Why why;

  UploadRefused(Why why) {
    super(why.name(), null, false, false);
    this.why = why;
  }

  public Why why() {
    return why;
  }
}
