package org.psidgateway.limits;

import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;

/**
 * A call that would like to go out.
 *
 * @param batchSize most ids that it may ask
 * @param cost calls that it counts as, at the upstream's rate limit
 * @param isolation whether it is made to find the bad id of an earlier call
 * @param retry whether it is made because an earlier call failed for a while
 */
public record AdmissionRequest(
    PageId page, Lane lane, int batchSize, int cost, boolean isolation, boolean retry) {}
