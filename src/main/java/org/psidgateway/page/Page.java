package org.psidgateway.page;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.PageId;

/**
 * A registered Page as operators see it; the token itself is nowhere in it.
 *
 * @param fans null if unknown
 * @param pauseReason null while not paused; {@code operator}, {@code token_invalid}, {@code
 *     permission_denied} or {@code archived}
 * @param tokenRevision 0 until a token is set for the first time; grows with each one
 */
public record Page(
    PageId id,
    @Nullable String name,
    @Nullable Long fans,
    boolean testPage,
    boolean paused,
    @Nullable String pauseReason,
    boolean hasToken,
    int tokenRevision,
    Instant updatedAt) {

  /** Whether it was deleted and its mappings were kept: no call is made for it. */
  public boolean archived() {
    return PageEntity.ARCHIVED.equals(pauseReason);
  }
}
