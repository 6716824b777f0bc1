package org.psidgateway.security;

import java.util.Locale;

/** What a caller may do. */
public enum Role {
  /** Ask for what is known. */
  READ,
  /** Have unknown ids converted, which spends quota. */
  CONVERT,
  /** Bring in pairs already owned. */
  IMPORT,
  /** Take mappings and results out in bulk. */
  EXPORT,
  /** Run migrations. */
  MIGRATE,
  /** Change Pages, their tokens and the window. */
  ADMIN,
  /** Erase people. */
  PRIVACY;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The name in configuration, in tokens and on the wire. */
  public String wireName() {
    return wireName;
  }
}
