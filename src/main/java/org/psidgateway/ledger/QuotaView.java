package org.psidgateway.ledger;

/**
 * The lifetime quota, in PSIDs. {@code limit = committed + held + uncertain + remaining}; {@code
 * remaining} is negative where the limit was lowered below what is spent.
 *
 * @param reserveFloor what background work may not touch
 */
public record QuotaView(
    long limit, long committed, long held, long uncertain, long remaining, long reserveFloor) {}
