package org.psidgateway.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request, or one call, under which steps are recorded; {@link #NONE} records nothing and costs
 * next to nothing. It is handed on by hand, since no context travels with a {@code Uni}. A failure
 * is recorded by its type alone: a message may hold what must not leave the process. Thread-safe.
 */
public final class Trace {
  /** Records nothing. */
  public static final Trace NONE =
      new Trace(Span.getInvalid(), TracerProvider.noop().get(Tracing.SCOPE));

  private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
  private static final AttributeKey<Long> IDS = AttributeKey.longKey("gateway.ids");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("gateway.outcome");

  private final Span span;
  private final Tracer tracer;

  Trace(Span span, Tracer tracer) {
    this.span = span;
    this.tracer = tracer;
  }

  /** Records {@code work}, from now until it ends, with the number of ids it concerns. */
  public <T> Uni<T> step(Step step, int ids, Supplier<Uni<T>> work) {
    if (!isRecorded()) {
      return work.get();
    }
    Span part =
        tracer
            .spanBuilder(step.spanName())
            .setSpanKind(step.kind())
            .setParent(Context.root().with(span))
            .setAttribute(IDS, (long) ids)
            .startSpan();
    return Uni.createFrom()
        .<T>deferred(work::get)
        .onTermination()
        .invoke((item, failure, left) -> end(part, failure));
  }

  /** Records the outcome; the last one counts. */
  public void outcome(String outcome) {
    span.setAttribute(OUTCOME, outcome);
  }

  /** Links from here to the other, if both are recorded. */
  public void link(Trace other) {
    if (isRecorded() && other.isRecorded()) {
      span.addLink(other.context());
    }
  }

  public boolean isRecorded() {
    return span.getSpanContext().isSampled();
  }

  /** Ends the trace of a call; the trace of a request ends with its answer. */
  public void end(@Nullable Throwable failure) {
    end(span, failure);
  }

  SpanContext context() {
    return span.getSpanContext();
  }

  private static void end(Span span, @Nullable Throwable failure) {
    if (failure != null) {
      span.setStatus(StatusCode.ERROR).setAttribute(ERROR_TYPE, failure.getClass().getName());
    }
    span.end();
  }
}
