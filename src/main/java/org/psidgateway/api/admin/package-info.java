/** What operators see and change: Pages, tokens, the ledger, how much is logged. */
@NullMarked
package org.psidgateway.api.admin;

import org.jspecify.annotations.NullMarked;
