package org.psidgateway.books;

/**
 * The lifetime quota, in PSIDs; {@code limit = committed + held + uncertain + remaining}.
 *
 * @param remaining negative if the quota limit was lowered below what is spent
 * @param reserveFloor what background work may not touch
 * @param suspectedExhausted whether the upstream refuses as if its own count had reached the end
 */
public record QuotaReport(
    long limit,
    long committed,
    long held,
    long uncertain,
    long remaining,
    long reserveFloor,
    boolean suspectedExhausted) {}
