/** Everything that is promised about spending: window, cooldown, pace, quota and claims. */
@NullMarked
package org.psidgateway.ledger;

import org.jspecify.annotations.NullMarked;
