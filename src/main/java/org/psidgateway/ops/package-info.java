/** What concerns the process as a whole: worker threads, outages, and the checks at the start. */
@NullMarked
package org.psidgateway.ops;

import org.jspecify.annotations.NullMarked;
