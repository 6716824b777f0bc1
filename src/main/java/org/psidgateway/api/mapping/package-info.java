/** ASIDs in, PSIDs out: lists, and one id in both directions. */
@NullMarked
package org.psidgateway.api.mapping;

import org.jspecify.annotations.NullMarked;
