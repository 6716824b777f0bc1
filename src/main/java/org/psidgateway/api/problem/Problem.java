package org.psidgateway.api.problem;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request that is refused as a whole (RFC 9457). Carries no stack trace: it is an answer. Its
 * detail and extensions never hold an id, a token or a key.
 */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ProblemType type;
  private final int status;
  private final transient Map<String, Object> extensions = new LinkedHashMap<>(4);
  private final transient Map<String, String> headers = new LinkedHashMap<>(2);

  private Problem(ProblemType type, int status, String detail) {
    super(detail, null, false, false);
    this.type = type;
    this.status = status;
  }

  public static Problem of(ProblemType type, String detail) {
    return new Problem(type, type.status(), detail);
  }

  public static Problem of(ProblemType type, int status, String detail) {
    return new Problem(type, status, detail);
  }

  /** A path or query parameter that is not what it should be. */
  public static Problem parameter(String name, String detail) {
    return of(ProblemType.MALFORMED_REQUEST, "The parameter " + name + " " + detail + ".")
        .with("parameter", name);
  }

  public static Problem unknownMigration() {
    return of(ProblemType.UNKNOWN_MIGRATION, "There is no such migration.");
  }

  /** Neither cache nor store can be asked just now; worth another try soon. */
  public static Problem unavailable() {
    return unavailable("The store can't be reached. Nothing was done or spent.");
  }

  /** A change that may have been made: sending it again does no harm. */
  public static Problem uncertain() {
    return unavailable(
        "The store did not confirm the change, which may have been made. Send it again.");
  }

  public static Problem snapshotGone() {
    return of(
        ProblemType.SNAPSHOT_GONE,
        "The file of that moment can't be had any more. Download it anew.");
  }

  /** This process has enough of the kind under way; worth another try soon. */
  public static Problem busy(String detail) {
    return unavailable(detail);
  }

  private static Problem unavailable(String detail) {
    return of(ProblemType.UNAVAILABLE, detail)
        .header("Retry-After", String.valueOf(RetryAfter.jittered(2)));
  }

  public Problem with(String name, Object value) {
    extensions.put(name, value);
    return this;
  }

  public Problem header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  public ProblemType type() {
    return type;
  }

  public int status() {
    return status;
  }

  public Map<String, Object> extensions() {
    return extensions;
  }

  public Map<String, String> headers() {
    return headers;
  }
}
