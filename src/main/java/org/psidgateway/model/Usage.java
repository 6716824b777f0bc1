package org.psidgateway.model;

/**
 * How much of its rate limits the upstream said, in one answer, to be used: whole percents, at
 * times over 100, or {@link #UNTOLD}. What it did not say is unknown, never zero: the upstream says
 * nothing at all if it has little to say.
 *
 * @param app the limit that all Pages share
 * @param page the limit of the Page that was asked for, or of its business
 */
public record Usage(int app, int page) {
  public static final int UNTOLD = -1;

  /** Nothing was said, neither of the app nor of the Page. */
  public static final Usage UNKNOWN = new Usage(UNTOLD, UNTOLD);

  public Usage {
    if (app < UNTOLD || page < UNTOLD) {
      throw new IllegalArgumentException("a share is 0 or more, or unknown");
    }
  }
}
