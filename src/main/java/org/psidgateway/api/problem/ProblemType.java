package org.psidgateway.api.problem;

import java.util.Arrays;

/** Every kind of refusal, by its {@code type}. */
public enum ProblemType {
  MALFORMED_REQUEST(400, "malformed-request", "Malformed request"),
  UNAUTHENTICATED(401, "unauthenticated", "Missing or unknown API key"),
  MISSING_ROLE(403, "missing-role", "Missing role"),
  NOT_FOUND(404, "not-found", "No such path"),
  UNKNOWN_PAGE(404, "unknown-page", "Unknown Page"),
  UNKNOWN_MIGRATION(404, "unknown-migration", "Unknown migration"),
  NOT_KNOWN(404, "not-known", "Id not known"),
  METHOD_NOT_ALLOWED(405, "method-not-allowed", "Method not allowed"),
  TOO_MANY_TEST_PAGES(409, "too-many-test-pages", "Too many test pages"),
  PAGE_IN_USE(409, "page-in-use", "Page in use"),
  NOT_OFFERED(409, "not-offered", "Not offered by this upstream"),
  SNAPSHOT_GONE(410, "snapshot-gone", "Snapshot gone"),
  IN_PROGRESS(409, "in-progress", "Upload in progress"),
  ILLEGAL_TRANSITION(409, "illegal-transition", "Illegal transition"),
  PRECONDITION_FAILED(412, "precondition-failed", "Precondition failed"),
  IDEMPOTENCY_MISMATCH(422, "idempotency-mismatch", "Idempotency key belongs to another body"),
  BATCH_TOO_LARGE(413, "batch-too-large", "Batch too large"),
  BODY_TOO_LARGE(413, "body-too-large", "Body too large"),
  UNSUPPORTED_MEDIA_TYPE(415, "unsupported-media-type", "Unsupported media type"),
  CALLER_LIMIT(429, "caller-limit", "Caller limit exceeded"),
  OTHER(400, "refused", "Request refused"),
  INTERNAL(500, "internal", "Internal error"),
  UNAVAILABLE(503, "unavailable", "Unavailable");

  private static final String ADDRESSES = "/problems/";

  private final int status;
  private final String slug;
  private final String title;

  ProblemType(int status, String slug, String title) {
    this.status = status;
    this.slug = slug;
    this.title = title;
  }

  /** False for an address among those of the problems at which there is none. */
  static boolean mayBeThere(String path) {
    return !path.startsWith(ADDRESSES)
        || Arrays.stream(values()).anyMatch(type -> path.replaceFirst("/$", "").equals(type.uri()));
  }

  /** The usual status; a few problems come with another. */
  public int status() {
    return status;
  }

  public String uri() {
    return ADDRESSES + slug;
  }

  /** The bounded name for metrics. */
  public String slug() {
    return slug;
  }

  public String title() {
    return title;
  }
}
