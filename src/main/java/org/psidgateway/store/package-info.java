/** Mappings in PostgreSQL, the only truth: look-ups and upserts in bulk. */
@NullMarked
package org.psidgateway.store;

import org.jspecify.annotations.NullMarked;
