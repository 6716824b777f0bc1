package org.psidgateway.limits;

import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Tariff;

/**
 * A call that would like to go out.
 *
 * @param tariff what the upstream's calls cost
 * @param candidates ids that it would like to ask
 * @param isolation whether it is made to find the bad id of an earlier call
 * @param retry whether it is made because an earlier call failed for a while
 */
public record AdmissionRequest(
    PageId page, Lane lane, Tariff tariff, int candidates, boolean isolation, boolean retry) {}
