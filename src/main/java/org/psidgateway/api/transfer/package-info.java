/** Files in and out. */
@NullMarked
package org.psidgateway.api.transfer;

import org.jspecify.annotations.NullMarked;
