package org.psidgateway.books;

import org.jspecify.annotations.Nullable;

/**
 * What one caller spent. Each id counts for whoever asked for it first.
 *
 * @param caller null for calls from before callers were recorded
 * @param conversions PSIDs returned
 * @param calls upstream calls that asked ids of the caller's; a call may be several callers'
 * @param share of the conversions of all callers, 0 to 1
 */
public record CallerSpending(@Nullable String caller, long conversions, long calls, double share) {}
