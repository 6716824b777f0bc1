/** How a pod learns that a copy it holds is out of date: rows in PostgreSQL, hastened by Redis. */
@NullMarked
package org.psidgateway.invalidation;

import org.jspecify.annotations.NullMarked;
