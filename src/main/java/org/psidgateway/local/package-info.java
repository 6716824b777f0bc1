/**
 * Embedded PostgreSQL and Redis for quarkus:dev and tests; their libraries are not in the package.
 */
@NullMarked
package org.psidgateway.local;

import org.jspecify.annotations.NullMarked;
