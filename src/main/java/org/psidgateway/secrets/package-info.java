/** The keys that the operator gives, and those that follow from them. */
@NullMarked
package org.psidgateway.secrets;

import org.jspecify.annotations.NullMarked;
