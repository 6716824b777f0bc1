package org.psidgateway.page;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.PageId;

/**
 * A registered Page as operators see it; the token itself is nowhere in it.
 *
 * @param fans null if unknown
 * @param pauseReason null while not paused; {@code operator}, {@code token_invalid} or {@code
 *     permission_denied}
 * @param tokenRevision 0 while no token is set; grows with each one
 */
public record Page(
    PageId id,
    @Nullable String name,
    @Nullable Long fans,
    boolean testPage,
    boolean paused,
    @Nullable String pauseReason,
    int tokenRevision,
    Instant updatedAt) {}
