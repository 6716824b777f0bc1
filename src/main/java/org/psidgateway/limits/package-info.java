/**
 * What stands between a request and a grant: the window, the lifetime quota, the pace, and what the
 * upstream's answers have said about its own limits, for all pods together.
 */
@NullMarked
package org.psidgateway.limits;

import org.jspecify.annotations.NullMarked;
