/** Single flight per id, one open batch per Page and lane; drives reserve, call and settle. */
@NullMarked
package org.psidgateway.batch;

import org.jspecify.annotations.NullMarked;
