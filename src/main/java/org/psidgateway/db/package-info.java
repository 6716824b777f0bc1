/** What packages with tables share: transactions, round trips, and what counts as an outage. */
@NullMarked
package org.psidgateway.db;

import org.jspecify.annotations.NullMarked;
