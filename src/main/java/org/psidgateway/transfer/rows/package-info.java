/** Lists in and out as files: the readers of all forms, and the closing row of our exports. */
@NullMarked
package org.psidgateway.transfer.rows;

import org.jspecify.annotations.NullMarked;
