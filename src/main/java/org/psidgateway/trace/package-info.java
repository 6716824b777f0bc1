/**
 * Spans of the steps that requests and calls go through; nothing but a check while tracing is off.
 */
@NullMarked
package org.psidgateway.trace;

import org.jspecify.annotations.NullMarked;
