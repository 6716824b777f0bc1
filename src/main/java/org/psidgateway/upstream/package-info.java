/** The Graph protocol: what is sent, what may come back, and what it means. */
@NullMarked
package org.psidgateway.upstream;

import org.jspecify.annotations.NullMarked;
