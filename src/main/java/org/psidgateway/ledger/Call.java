package org.psidgateway.ledger;

import java.util.UUID;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;

/**
 * An upstream call: all that is needed to end it.
 *
 * @param id made by whoever makes the call
 * @param asids the ids that it asks, in the order of the answer
 */
public record Call(UUID id, PageId page, Lane lane, long[] asids) {}
