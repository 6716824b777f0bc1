package org.psidgateway.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.quarkus.opentelemetry.runtime.config.runtime.OTelRuntimeConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Where traces come from. The trace of a request begins and ends with HTTP; a call, which many
 * requests may wait for, has one of its own, with links to theirs. Thread-safe.
 */
@Singleton
public class Tracing {
  static final String SCOPE = "org.psidgateway";

  /** As many as the SDK keeps of a span. */
  private static final int MOST_LINKS = 128;

  private final boolean on;
  private final Tracer tracer;

  @Inject
  Tracing(OTelRuntimeConfig config, OpenTelemetry telemetry) {
    this(!config.sdkDisabled(), telemetry);
  }

  Tracing(boolean on, OpenTelemetry telemetry) {
    this.on = on;
    this.tracer = telemetry.getTracer(SCOPE);
  }

  /** The trace of the request that this thread serves at this moment. */
  public Trace request() {
    Span span = on ? Span.current() : Span.getInvalid();
    return span.getSpanContext().isSampled() ? new Trace(span, tracer) : Trace.NONE;
  }

  /**
   * Begins the trace of a call, if a request that waits for it is recorded.
   *
   * @param waiting the traces of the requests that wait; not asked for while tracing is off
   * @param callId as in {@code GET /v1/quota/entries}
   */
  public Trace call(Supplier<Set<Trace>> waiting, String callId, long page, String lane) {
    Set<Trace> requests = on ? waiting.get() : Set.of();
    if (requests.isEmpty()) {
      return Trace.NONE;
    }
    SpanBuilder call =
        tracer
            .spanBuilder("conversion")
            .setNoParent()
            .setAttribute("gateway.call_id", callId)
            .setAttribute("gateway.page_id", page)
            .setAttribute("gateway.lane", lane);
    requests.stream().limit(MOST_LINKS).map(Trace::context).forEach(call::addLink);
    return new Trace(call.startSpan(), tracer);
  }
}
