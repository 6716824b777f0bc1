/** How a request travels, in one class that a newcomer reads first. */
@NullMarked
package org.psidgateway.resolve;

import org.jspecify.annotations.NullMarked;
