package org.psidgateway.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.quarkus.opentelemetry.runtime.config.runtime.OTelRuntimeConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jboss.logging.MDC;

/**
 * Where traces come from, be they spans, log lines or both. The trace of a request begins and ends
 * with HTTP; a call, which many requests may wait for, has one of its own, with links to theirs.
 * Thread-safe.
 */
@Singleton
public class Tracing {
  static final String SCOPE = "org.psidgateway";

  /** Where the log has a request's id. */
  private static final String REQUEST_ID = "requestId";

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
    String name = Trace.isDebugged() ? "request_id=" + MDC.get(REQUEST_ID) : "";
    return name.isEmpty() && !span.getSpanContext().isSampled()
        ? Trace.NONE
        : new Trace(name, span, tracer);
  }

  /**
   * Begins the trace of a call: spans, if a request that waits for it has any; log lines in any
   * case while they are wanted, since callers may have left.
   *
   * @param waiting the traces of the requests that wait; asked for only if something is recorded
   * @param callId as in {@code GET /v1/quota/entries}
   */
  public Trace call(Supplier<Set<Trace>> waiting, String callId, long page, String lane) {
    String name = Trace.isDebugged() ? "call_id=" + callId : "";
    List<Trace> requests =
        on ? waiting.get().stream().filter(Trace::isSampled).toList() : List.of();
    if (requests.isEmpty()) {
      return name.isEmpty() ? Trace.NONE : noted(new Trace(name, Span.getInvalid(), tracer), page);
    }
    SpanBuilder call =
        tracer
            .spanBuilder("conversion")
            .setNoParent()
            .setAttribute("gateway.call_id", callId)
            .setAttribute("gateway.page_id", page)
            .setAttribute("gateway.lane", lane);
    requests.stream().limit(MOST_LINKS).map(Trace::context).forEach(call::addLink);
    return noted(new Trace(name, call.startSpan(), tracer), page);
  }

  private static Trace noted(Trace call, long page) {
    call.note("page_id", page);
    return call;
  }
}
