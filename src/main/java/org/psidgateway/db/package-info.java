/** What every room with tables shares: what counts as an outage of PostgreSQL. */
@NullMarked
package org.psidgateway.db;

import org.jspecify.annotations.NullMarked;
