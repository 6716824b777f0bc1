/** Migrations: lists of ids by the million. */
@NullMarked
package org.psidgateway.api.migration;

import org.jspecify.annotations.NullMarked;
