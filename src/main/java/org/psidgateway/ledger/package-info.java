/** Spending: which call may ask which ids, and what becomes of its units and answers. */
@NullMarked
package org.psidgateway.ledger;

import org.jspecify.annotations.NullMarked;
