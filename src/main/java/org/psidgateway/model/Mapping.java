package org.psidgateway.model;

import java.time.Instant;

/**
 * One known answer, as the single look-up and the reverse look-up show it.
 *
 * @param verdict a PSID or a negative, see {@link Verdict}; never {@link Verdict#UNKNOWN}
 * @param resolvedAt when the upstream first answered
 * @param checkedAt when the upstream last said so
 */
public record Mapping(
    PageId page, long asid, long verdict, Source source, Instant resolvedAt, Instant checkedAt) {}
