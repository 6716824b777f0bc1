package org.psidgateway.model;

/** What waits for an unknown id: a person's request, or work that yields to it. */
public enum Lane {
  INTERACTIVE,
  /** Yields to {@link #INTERACTIVE} and may not touch the reserve floor of the quota. */
  BACKGROUND
}
