package org.psidgateway.resolve;

import java.time.Duration;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;

/**
 * What a caller wants to know.
 *
 * @param asids distinct and well formed; the array belongs to the query
 * @param knownOnly never spends: what is not known answers {@code not_known}
 * @param idsMayBePsids an id not known as an ASID, but known as a PSID of this Page, answers itself
 * @param patience how long unknown ids may be waited for; 0 answers at once and still queues
 */
public record Query(
    PageId page,
    long[] asids,
    boolean knownOnly,
    Lane lane,
    boolean idsMayBePsids,
    Duration patience) {}
