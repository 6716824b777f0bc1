package org.psidgateway.migration;

import java.util.Locale;

/** What a caller may want a migration to be. */
public enum Desired {
  RUNNING,
  PAUSED,
  CANCELLED;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  public String wireName() {
    return wireName;
  }
}
