/** Mappings in PostgreSQL, the only truth: look-ups, of a replica too, and upserts in bulk. */
@NullMarked
package org.psidgateway.store;

import org.jspecify.annotations.NullMarked;
