package org.psidgateway.model;

/** Where a final answer came from; pending and failed ids have none. */
public enum Source {
  CACHE,
  STORE,
  UPSTREAM;

  private final String wireName = name().toLowerCase(java.util.Locale.ROOT);

  /** The name on the wire and in metrics. */
  public String wireName() {
    return wireName;
  }
}
