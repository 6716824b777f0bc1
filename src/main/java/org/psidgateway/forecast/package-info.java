/** When work of a known size will be done, by what bounds it: never by how fast it went so far. */
@NullMarked
package org.psidgateway.forecast;

import org.jspecify.annotations.NullMarked;
