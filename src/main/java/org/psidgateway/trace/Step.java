package org.psidgateway.trace;

import io.opentelemetry.api.trace.SpanKind;
import java.util.Locale;

/** What a span of ours stands for; the span is named as the step, in lower case. */
public enum Step {
  /** Of a request: one round trip to Redis. */
  CACHE,
  /** Of a request: one query of the replica. */
  REPLICA,
  /** Of a request: one query of PostgreSQL. */
  STORE,
  /** Of a request: until its unknown ids are answered, or its patience ends. */
  WAIT,
  /** Of a call: the transaction that grants it, or says why not. */
  RESERVE,
  /** Of a call: connecting, sending, and reading the answer. */
  UPSTREAM,
  /** Of a call: until its outcome is committed and passed on. */
  SETTLE;

  private final String spanName = name().toLowerCase(Locale.ROOT);

  String spanName() {
    return spanName;
  }

  SpanKind kind() {
    return this == UPSTREAM ? SpanKind.CLIENT : SpanKind.INTERNAL;
  }
}
