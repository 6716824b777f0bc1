/** What became of the rows of a list, as files and page by page. */
@NullMarked
package org.psidgateway.migration.result;

import org.jspecify.annotations.NullMarked;
