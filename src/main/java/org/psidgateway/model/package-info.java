/**
 * The words that all packages share: ids, lanes, fates and the sheet of answers. Immutable but for
 * {@link org.psidgateway.model.Answers}; depends on the JDK alone.
 */
@NullMarked
package org.psidgateway.model;

import org.jspecify.annotations.NullMarked;
