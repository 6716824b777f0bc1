package org.psidgateway.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import io.quarkus.opentelemetry.runtime.config.runtime.OTelRuntimeConfig;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * A request is recorded if its caller's trace is; without one, {@code
 * quarkus.otel.traces.sampler.arg} decides. A call is recorded if a request that waits for it is.
 */
@Singleton
class LinkedCallSampler implements Sampler {
  private final Sampler requests;

  LinkedCallSampler(OTelRuntimeConfig config) {
    double ratio = config.traces().samplerArg().map(Double::parseDouble).orElse(1.0);
    this.requests = Sampler.parentBased(Sampler.traceIdRatioBased(ratio));
  }

  @Override
  public SamplingResult shouldSample(
      Context parent,
      String traceId,
      String name,
      SpanKind kind,
      Attributes attributes,
      List<LinkData> links) {
    return links.stream().anyMatch(link -> link.getSpanContext().isSampled())
        ? SamplingResult.recordAndSample()
        : requests.shouldSample(parent, traceId, name, kind, attributes, links);
  }

  @Override
  public String getDescription() {
    return "LinkedCallSampler{" + requests.getDescription() + "}";
  }
}
