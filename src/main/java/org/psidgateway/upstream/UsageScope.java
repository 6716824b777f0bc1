package org.psidgateway.upstream;

import org.jspecify.annotations.Nullable;

/** Whose usage is counted. */
enum UsageScope {
  APP("x-app-usage"),
  PAGE("x-page-usage"),
  BUSINESS("x-business-use-case-usage");

  private final String header;

  UsageScope(String header) {
    this.header = header;
  }

  /** The scope that a header reports on, by its name in lower case; null for other headers. */
  static @Nullable UsageScope of(String header) {
    if (header.equals("x-business-use-case")) { // the documentation writes it both ways
      return BUSINESS;
    }
    for (UsageScope scope : values()) {
      if (scope.header.equals(header)) {
        return scope;
      }
    }
    return null;
  }
}
