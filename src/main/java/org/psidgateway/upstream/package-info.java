/**
 * The Graph API: what is sent, what may come back, and what it means. Another kind of upstream is a
 * class that implements {@code Protocol}, and its line in {@code Protocols}.
 */
@NullMarked
package org.psidgateway.upstream;

import org.jspecify.annotations.NullMarked;
