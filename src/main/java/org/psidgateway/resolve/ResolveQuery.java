package org.psidgateway.resolve;

import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;

/**
 * What a caller wants to know.
 *
 * @param caller who asks, by name: pays for what nobody has asked before
 * @param asids distinct and well formed; the array belongs to the query
 * @param knownOnly never spends: what is not known answers {@code not_known}
 * @param idsMayBePsids an id not known as an ASID, but known as a PSID of this Page, answers
 *     itself; that the upstream gave no PSID for an id does not count as knowing it
 * @param deadline until when unknown ids may be waited for, by {@link
 *     org.psidgateway.time.Ticker#nanos()}; one in the past answers at once and still queues
 */
public record ResolveQuery(
    PageId page,
    String caller,
    long[] asids,
    boolean knownOnly,
    Lane lane,
    boolean idsMayBePsids,
    long deadline) {}
