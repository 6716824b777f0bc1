package org.psidgateway.migration.result;

import org.psidgateway.migration.list.Content;
import org.psidgateway.migration.list.View;

/**
 * Which rows of which list are wanted, as of one moment of its migration. Immutable.
 *
 * @param no of the list
 * @param ended whether the migration had ended by then
 * @param asOf its {@code progress} then: ids that were decided later had no verdict; or one of the
 *     constants
 */
public record ListView(long no, Content content, View view, boolean ended, long asOf) {
  /** While the list is compared with what is known: rows are there, ids are not yet. */
  public static final long BEFORE_IDS = -1;

  /** As of no moment in particular: whatever is decided. */
  public static final long NOW = Long.MAX_VALUE;

  /** The moment as one number of 1 or more, for {@link #at}. */
  public long moment() {
    return ((asOf - BEFORE_IDS) << 1 | (ended ? 1 : 0)) + 1;
  }

  /** The same as of a moment that {@link #moment} has told. */
  public ListView at(long moment) {
    return new ListView(no, content, view, (moment - 1 & 1) != 0, (moment - 1 >>> 1) + BEFORE_IDS);
  }

  /** The same as of no moment, once there are ids. */
  public ListView now() {
    return asOf == BEFORE_IDS ? this : new ListView(no, content, view, ended, NOW);
  }
}
