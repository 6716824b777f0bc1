package org.psidgateway.api.door;

import java.util.List;

/** A request that the door refuses as a whole. Carries no stack trace: it is an answer. */
final class GraphRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final GraphError error;
  private final transient List<String> invalidIds;
  private final int retryAfterSeconds;

  private GraphRefusal(GraphError error, List<String> invalidIds, int retryAfterSeconds) {
    super(error.name(), null, false, false);
    this.error = error;
    this.invalidIds = invalidIds;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  static GraphRefusal of(GraphError error) {
    return new GraphRefusal(error, List.of(), 1);
  }

  /** A transient one, which passes after so many seconds. */
  static GraphRefusal of(GraphError error, int retryAfterSeconds) {
    return new GraphRefusal(error, List.of(), retryAfterSeconds);
  }

  static GraphRefusal ofIds(List<String> invalidIds) {
    return new GraphRefusal(GraphError.IDS_INVALID, invalidIds, 1);
  }

  GraphError error() {
    return error;
  }

  List<String> invalidIds() {
    return invalidIds;
  }

  int retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
