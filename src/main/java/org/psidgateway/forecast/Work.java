package org.psidgateway.forecast;

import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;

/**
 * Ids of one Page that are to be converted. Ids under way count neither here nor there: their units
 * are held, and their calls are in the pace.
 *
 * @param ids distinct ones that have to be asked, 0 or more
 * @param share of the pace that the work may use, above 0, at most 1
 * @param idsBefore distinct ids of other work that goes first, with the whole pace; 0 or more
 */
public record Work(PageId page, long ids, Lane lane, double share, long idsBefore) {
  /** More than there are people: up to this, sums do not overflow. */
  private static final long MOST_IDS = 1_000_000_000_000L;

  public Work {
    if (ids < 0 || ids > MOST_IDS || idsBefore < 0 || idsBefore > MOST_IDS) {
      throw new IllegalArgumentException(
          "%d ids after %d others: must be between 0 and %d".formatted(ids, idsBefore, MOST_IDS));
    }
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("a share is above 0 and at most 1, not " + share);
    }
  }
}
