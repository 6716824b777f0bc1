/**
 * Requests that are refused as a whole, whoever refuses them: one form, one counter, one request
 * id.
 */
@NullMarked
package org.psidgateway.api.problem;

import org.jspecify.annotations.NullMarked;
