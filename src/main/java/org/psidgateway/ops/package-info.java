/** What concerns the process as a whole: the clock and the start-up checks. */
@NullMarked
package org.psidgateway.ops;

import org.jspecify.annotations.NullMarked;
