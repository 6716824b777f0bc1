/** Who calls, and with which roles. */
@NullMarked
package org.psidgateway.security;

import org.jspecify.annotations.NullMarked;
