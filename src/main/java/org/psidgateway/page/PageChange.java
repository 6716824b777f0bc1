package org.psidgateway.page;

import org.jspecify.annotations.Nullable;

/**
 * How to change a Page.
 *
 * @param testPage null keeps the present value
 * @param paused likewise
 */
public record PageChange(
    Edit<String> name, Edit<Long> fans, @Nullable Boolean testPage, @Nullable Boolean paused) {}
