/** Lists of ids by the million: their states, what they cost, and how they are steered. */
@NullMarked
package org.psidgateway.migration;

import org.jspecify.annotations.NullMarked;
