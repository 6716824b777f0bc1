/**
 * The steps that requests and calls go through: as spans, and as log lines at DEBUG; nothing but a
 * check while neither is wanted.
 */
@NullMarked
package org.psidgateway.trace;

import org.jspecify.annotations.NullMarked;
