/** How the ids of migrations come to their answers: one pod at a time sees to that. */
@NullMarked
package org.psidgateway.migration.work;

import org.jspecify.annotations.NullMarked;
