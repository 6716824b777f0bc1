package org.psidgateway.model;

/**
 * How much of its rate limits is used, as the upstream reported in one answer: whole percents, at
 * times over 100, or {@link #NOT_REPORTED}. What it did not report is unknown, never zero: with
 * little use it reports nothing at all.
 *
 * @param app the limit that all Pages share
 * @param page the limit of the Page that was asked for, or of its business
 */
public record Usage(int app, int page) {
  public static final int NOT_REPORTED = -1;

  /** Nothing was reported, neither about the app nor about the Page. */
  public static final Usage UNKNOWN = new Usage(NOT_REPORTED, NOT_REPORTED);

  public Usage {
    if (app < NOT_REPORTED || page < NOT_REPORTED) {
      throw new IllegalArgumentException("a share is 0 or more, or unknown");
    }
  }
}
