/** HTTP in and out, v1. Nothing else knows of status codes. */
@NullMarked
package org.psidgateway.api;

import org.jspecify.annotations.NullMarked;
