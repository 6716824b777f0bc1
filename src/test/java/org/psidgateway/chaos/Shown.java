package org.psidgateway.chaos;

/** A mapping that a caller has seen. */
record Shown(long page, long asid, long psid) {}
