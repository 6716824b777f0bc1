package org.psidgateway.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Removes from a request's address what may be a person's id, before anything else sees it: each
 * part of the path that has a digit, except the version, and the query. The route says what was
 * called.
 */
@Singleton
class Redaction implements SpanProcessor {
  private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
  private static final AttributeKey<String> QUERY = AttributeKey.stringKey("url.query");

  /** Set if nobody knows the method: any text may be sent as one. */
  private static final AttributeKey<String> METHOD =
      AttributeKey.stringKey("http.request.method_original");

  private static final Pattern ID = Pattern.compile("(?<=/)(?!v1(?:/|$))[^/]*\\d[^/]*");
  private static final String LEFT_OUT = "*";

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {
    String path = span.getAttribute(PATH);
    if (path != null) {
      span.setAttribute(PATH, ID.matcher(path).replaceAll(LEFT_OUT));
    }
    for (AttributeKey<String> free : List.of(QUERY, METHOD)) {
      if (span.getAttribute(free) != null) {
        span.setAttribute(free, LEFT_OUT);
      }
    }
  }

  @Override
  public boolean isStartRequired() {
    return true;
  }

  @Override
  public void onEnd(ReadableSpan span) {}

  @Override
  public boolean isEndRequired() {
    return false;
  }
}
