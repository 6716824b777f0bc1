/** The rows of a list and what became of each id, in tables of its own. */
@NullMarked
package org.psidgateway.migration.list;

import org.jspecify.annotations.NullMarked;
