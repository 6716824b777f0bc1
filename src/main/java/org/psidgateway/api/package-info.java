/** HTTP in and out, v1. Nothing else knows of status codes. Here: what calls of all kinds share. */
@NullMarked
package org.psidgateway.api;

import org.jspecify.annotations.NullMarked;
