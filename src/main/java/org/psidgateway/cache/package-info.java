/**
 * Fast memory of answers, negative ones too. Every tier is optional: a tier that fails is a miss.
 */
@NullMarked
package org.psidgateway.cache;

import org.jspecify.annotations.NullMarked;
