package org.psidgateway.upstream;

/**
 * What a well-formed error object means, decided once. The constants carry what the callers do with
 * it.
 */
public enum UpstreamError {
  /** Worth trying again after a while: 1, 2, 1150, {@code is_transient}, 100/33, or unknown. */
  TRANSIENT,
  /** The app is over its limit: 4, 17, 341, 368, 613. */
  THROTTLED_APP,
  /** This Page is over its limit: 32, 800xx, or one of the above whose headers point at it. */
  THROTTLED_PAGE,
  /** 190, 102, 104, 210: this Page's token is wrong. */
  TOKEN,
  /** The app could not prove who it is (101, or a message about the proof): its secret is wrong. */
  APP_SECRET,
  /** 3, 10, 200 to 299: the app or Page is not allowed. */
  PERMISSION,
  /** 12, 2635: this API, or this version of it, no longer exists. */
  RETIRED,
  /**
   * There is nothing at the path that was called: the API no longer exists, or the address is
   * wrong.
   */
  MISADDRESSED,
  /** The error names the ids that it refuses. */
  IDS_LISTED,
  /** Some id is bad, and the error does not say which: 100, 110, 114, 803. */
  IDS_UNLISTED,
  /** More ids than the upstream takes (105): nobody is at fault, ask in halves. */
  TOO_MANY_IDS;

  public boolean isTransient() {
    return this == TRANSIENT;
  }

  public boolean isThrottle() {
    return this == THROTTLED_APP || this == THROTTLED_PAGE;
  }
}
