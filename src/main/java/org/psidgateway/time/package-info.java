/** What time it is and how it passes: the clocks of the process, injected everywhere else. */
@NullMarked
package org.psidgateway.time;

import org.jspecify.annotations.NullMarked;
