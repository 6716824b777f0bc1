package org.psidgateway.simulator;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One HTTP answer, before it goes out.
 *
 * @param outcome the keyword for the witness
 * @param code the Graph error code; 0 if there is none
 * @param returned the PSIDs converted for it, whether or not they arrive
 */
record Reply(
    String outcome,
    int code,
    int status,
    String contentType,
    String body,
    Map<String, String> headers,
    long[] returned) {
  static final String GRAPH_JSON = "text/javascript; charset=UTF-8";
  private static final long[] NONE = {};

  /** An answer that converts nothing. */
  static Reply of(String outcome, int code, int status, String contentType, String body) {
    return new Reply(outcome, code, status, contentType, body, Map.of(), NONE);
  }

  static Reply converted(String body, long[] returned) {
    return new Reply("answered", 0, 200, GRAPH_JSON, body, Map.of(), returned);
  }

  /** The same conversions under another outcome, with what is left of the answer. */
  Reply spoilt(String newOutcome, int newStatus, String newBody) {
    return new Reply(newOutcome, code, newStatus, contentType, newBody, headers, returned);
  }

  /** With these headers added; headers that are already there stay. */
  Reply with(Map<String, String> more) {
    if (more.isEmpty()) {
      return this;
    }
    Map<String, String> all = new LinkedHashMap<>(more);
    all.putAll(headers);
    return new Reply(outcome, code, status, contentType, body, all, returned);
  }

  /** With these headers, which replace those of the same name. */
  Reply overriddenBy(Map<String, String> others) {
    return others.isEmpty()
        ? this
        : new Reply(outcome, code, status, contentType, body, others, returned).with(headers);
  }
}
