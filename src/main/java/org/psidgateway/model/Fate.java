package org.psidgateway.model;

import java.util.Locale;

/** What became of one id of a request: a closed set of statuses, an open one of reasons. */
public enum Fate {
  MAPPED(Status.MAPPED),
  NOT_RETURNED_BY_UPSTREAM(Status.UNMAPPED),
  REJECTED_BY_UPSTREAM(Status.INVALID),
  /** Never sent, never stored. */
  MALFORMED(Status.INVALID),
  QUEUED(Status.PENDING),
  COOLING_DOWN(Status.PENDING),
  UPSTREAM_UNAVAILABLE(Status.PENDING),
  QUOTA_RESERVED(Status.PENDING),
  QUOTA_EXHAUSTED(Status.FAILED),
  WINDOW_CLOSED(Status.FAILED),
  PAGE_PAUSED(Status.FAILED),
  TOKEN_INVALID(Status.FAILED),
  APP_SECRET_REJECTED(Status.FAILED),
  PERMISSION_DENIED(Status.FAILED),
  NOT_KNOWN(Status.FAILED),
  ERASED(Status.FAILED),
  STORE_UNAVAILABLE(Status.FAILED),
  QUEUE_FULL(Status.FAILED),
  REFUSED_ALONE(Status.FAILED);

  /** The closed set that callers switch on. */
  public enum Status {
    MAPPED,
    UNMAPPED,
    INVALID,
    PENDING,
    FAILED;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    public String wireName() {
      return wireName;
    }
  }

  private final Status status;
  private final String reason = name().toLowerCase(Locale.ROOT);

  Fate(Status status) {
    this.status = status;
  }

  public Status status() {
    return status;
  }

  /** Whether this passes by itself, soon: asking again is then the thing to do. */
  public boolean worthAskingAgain() {
    return status == Status.PENDING || this == STORE_UNAVAILABLE || this == QUEUE_FULL;
  }

  /** The reason on the wire and in metrics; meaningless for {@link #MAPPED}. */
  public String reason() {
    return reason;
  }
}
