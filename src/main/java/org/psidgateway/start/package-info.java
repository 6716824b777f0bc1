/**
 * What a start does before the gateway serves: waits for PostgreSQL, migrates the schema, and says
 * why if it can't go on.
 */
@NullMarked
package org.psidgateway.start;

import org.jspecify.annotations.NullMarked;
