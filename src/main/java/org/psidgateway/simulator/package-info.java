/** A Graph API for laptops and tests, with its own wire types and its own log of every id it was asked. Nobody of ours uses it, and it uses nobody of ours. */
@NullMarked
package org.psidgateway.simulator;

import org.jspecify.annotations.NullMarked;
