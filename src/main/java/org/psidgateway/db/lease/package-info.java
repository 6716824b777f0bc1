/** What one pod at a time does. */
@NullMarked
package org.psidgateway.db.lease;

import org.jspecify.annotations.NullMarked;
