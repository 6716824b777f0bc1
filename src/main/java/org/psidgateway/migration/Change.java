package org.psidgateway.migration;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants to be otherwise; null leaves a thing as it is.
 *
 * @param name empty: none
 * @param deadline empty: none
 * @param quotaCap empty: none
 * @param labels all of them, in place of those before
 */
public record Change(
    @Nullable Desired desired,
    @Nullable Optional<String> name,
    @Nullable Optional<Instant> deadline,
    @Nullable Optional<Long> quotaCap,
    @Nullable Double share,
    @Nullable Map<String, String> labels) {}
