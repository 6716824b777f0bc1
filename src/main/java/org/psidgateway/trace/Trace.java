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
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One request, or one call, whose steps are recorded: as spans, and in the log while its category
 * is at DEBUG. {@link #NONE} records nothing and costs next to nothing. It is handed on by hand,
 * since no context travels with a {@code Uni}. A failure is recorded by its type alone: a message
 * may hold what must not leave the process; and of ids their number alone. Thread-safe.
 */
public final class Trace {
  /** Records nothing. */
  public static final Trace NONE =
      new Trace("", Span.getInvalid(), TracerProvider.noop().get(Tracing.SCOPE));

  private static final Logger LOG = Logger.getLogger(Trace.class);

  private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
  private static final AttributeKey<Long> IDS = AttributeKey.longKey("gateway.ids");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("gateway.outcome");

  private final String name;
  private final Span span;
  private final Tracer tracer;

  /**
   * @param name what log lines call it; empty: nothing is logged
   * @param span no span is recorded unless this one is
   */
  Trace(String name, Span span, Tracer tracer) {
    this.name = name;
    this.span = span;
    this.tracer = tracer;
  }

  /** Records {@code work}, from now until it ends, with the number of ids it concerns. */
  public <T> Uni<T> step(Step step, int ids, Supplier<Uni<T>> work) {
    if (!isRecorded()) {
      return work.get();
    }
    if (isLogged()) {
      LOG.debugf("%s: %s begins, ids: %d", name, step.spanName(), ids);
    }
    Span part = isSampled() ? begin(step, ids) : Span.getInvalid();
    return Uni.createFrom()
        .<T>deferred(work::get)
        .onTermination()
        .invoke((item, failure, left) -> ended(step, part, failure));
  }

  private Span begin(Step step, int ids) {
    return tracer
        .spanBuilder(step.spanName())
        .setSpanKind(step.kind())
        .setParent(Context.root().with(span))
        .setAttribute(IDS, (long) ids)
        .startSpan();
  }

  private void ended(Step step, Span part, @Nullable Throwable failure) {
    if (isLogged()) {
      String how = failure == null ? "ends" : "fails, " + failure.getClass().getSimpleName();
      LOG.debugf("%s: %s %s", name, step.spanName(), how);
    }
    end(part, failure);
  }

  /** Logs a number, of ids most of the time, and what it counts. */
  public void note(String what, long number) {
    if (isLogged()) {
      LOG.debugf("%s: %s: %d", name, what, number);
    }
  }

  /** Records the outcome; the last one counts. */
  public void outcome(String outcome) {
    if (isLogged()) {
      LOG.debugf("%s: outcome: %s", name, outcome);
    }
    span.setAttribute(OUTCOME, outcome);
  }

  /** Links from here to the other, which it waits for, if both are recorded. */
  public void link(Trace other) {
    if (isLogged() && other.isLogged()) {
      LOG.debugf("%s: waits for %s", name, other.name);
    }
    if (isSampled() && other.isSampled()) {
      span.addLink(other.context());
    }
  }

  public boolean isRecorded() {
    return isLogged() || isSampled();
  }

  /** Whether log lines are wanted of traces that begin now. */
  static boolean isDebugged() {
    return LOG.isDebugEnabled();
  }

  private boolean isLogged() {
    return !name.isEmpty();
  }

  boolean isSampled() {
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
