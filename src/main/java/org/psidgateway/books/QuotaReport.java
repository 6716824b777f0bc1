package org.psidgateway.books;

import org.jspecify.annotations.Nullable;

/**
 * The lifetime quota, in PSIDs; {@code limit = committed + held + uncertain + remaining}.
 *
 * @param limit null, as {@code remaining} and {@code reserveFloor}, if the upstream that is asked
 *     has no quota: then the others stand as an earlier one left them
 * @param remaining negative if the quota limit was lowered below what is spent
 * @param reserveFloor what background work may not touch
 * @param suspectedExhausted whether the upstream refuses as if its own count had reached the end
 */
public record QuotaReport(
    @Nullable Long limit,
    long committed,
    long held,
    long uncertain,
    @Nullable Long remaining,
    @Nullable Long reserveFloor,
    boolean suspectedExhausted) {}
