/** What every room with tables shares: transactions, round trips, and what counts as an outage. */
@NullMarked
package org.psidgateway.db;

import org.jspecify.annotations.NullMarked;
