/** Whose database this is, and which copy of it: what is shared is bound to it. */
@NullMarked
package org.psidgateway.deployment;

import org.jspecify.annotations.NullMarked;
