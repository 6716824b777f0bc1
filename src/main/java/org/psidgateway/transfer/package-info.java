/** Files in and out: pairs that are owned already, and all that is known of a Page. */
@NullMarked
package org.psidgateway.transfer;

import org.jspecify.annotations.NullMarked;
