package org.psidgateway.trace;

import io.opentelemetry.api.trace.SpanKind;
import java.util.Locale;

/** What a span of ours stands for; the span is named as the step, in lower case. */
public enum Step {
  /** In a request: one round trip to Redis. */
  CACHE,
  /** In a request: one query of the replica. */
  REPLICA,
  /** In a request: one query of PostgreSQL. */
  STORE,
  /** In a request: until its unknown ids are answered, or its patience ends. */
  WAIT,
  /** In a call: the transaction that grants it, or says why not. */
  RESERVE,
  /** In a call: connecting, sending, and reading the answer. */
  UPSTREAM,
  /** In a call: until its outcome is committed and passed on. */
  SETTLE;

  private final String spanName = name().toLowerCase(Locale.ROOT);

  String spanName() {
    return spanName;
  }

  SpanKind kind() {
    return this == UPSTREAM ? SpanKind.CLIENT : SpanKind.INTERNAL;
  }
}
