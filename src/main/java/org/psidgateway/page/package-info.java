/** The registry of Pages and their encrypted tokens. */
@NullMarked
package org.psidgateway.page;

import org.jspecify.annotations.NullMarked;
