package org.psidgateway.model;

/** What is known of some ids of this Page. */
public record PageFindings(PageId page, Findings findings) {}
