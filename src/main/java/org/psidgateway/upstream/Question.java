package org.psidgateway.upstream;

import java.util.Map;
import java.util.Optional;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Tariff;

/**
 * What one call asks.
 *
 * @param page whose PSIDs are wanted; {@link PageId#ANY} for those of all Pages
 * @param asids 1 to {@link Tariff#batchSize} distinct ids
 * @param further how to go on with ids that an earlier answer did not say everything about
 */
public record Question(PageId page, long[] asids, Map<Long, Further> further) {

  /** About ids that have not been asked before. */
  public static Question of(PageId page, long[] asids) {
    return new Question(page, asids, Map.of());
  }

  /**
   * How to go on with an id.
   *
   * @param after the cursor behind what has been read already
   * @param only the one Page to ask about, where reading all of them leads nowhere
   */
  public record Further(Optional<String> after, Optional<PageId> only) {
    /** For an id about which nothing was said yet. */
    public static final Further FROM_THE_START = new Further(Optional.empty(), Optional.empty());

    public static Further after(String cursor) {
      return new Further(Optional.of(cursor), Optional.empty());
    }

    public static Further only(PageId page) {
      return new Further(Optional.empty(), Optional.of(page));
    }
  }

  /** How the id is to be asked. */
  Further further(long asid) {
    return further.getOrDefault(asid, Further.FROM_THE_START);
  }
}
