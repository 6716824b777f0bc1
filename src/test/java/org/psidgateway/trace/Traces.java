package org.psidgateway.trace;

import io.opentelemetry.api.OpenTelemetry;

/** Tracing outside of a container. */
public final class Traces {
  private Traces() {}

  public static Tracing off() {
    return new Tracing(false, OpenTelemetry.noop());
  }
}
