package org.psidgateway.api.problem;

import io.quarkus.vertx.http.ManagementInterface;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * Gives every request an id that its answer, its problem and its log lines share: the caller's, if
 * it is visible ASCII, else one of ours. Log lines get the caller's trace as well.
 */
@Singleton
class RequestId {
  static final String HEADER = "X-Request-Id";
  static final String LOG_KEY = "requestId";
  private static final String TRACE_LOG_KEY = "traceId";

  /** W3C: version, trace, parent, flags; a later version than 00 may have more. */
  private static final Pattern TRACE_PARENT =
      Pattern.compile(
          "(?!ff|00.{54})[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?");

  private static final String ATTRIBUTE = RequestId.class.getName();
  private static final int BEFORE_ALL_OTHERS = 10_000;
  private static final int MAX_LENGTH = 128;
  private static final HexFormat HEX = HexFormat.of();

  void register(@Observes Filters filters) {
    filters.register(this::begin, BEFORE_ALL_OTHERS);
  }

  void register(@Observes ManagementInterface management) {
    management.router().route().order(-BEFORE_ALL_OTHERS).handler(this::begin);
  }

  private void begin(RoutingContext context) {
    assign(context);
    context.next();
  }

  /** The id of this request. */
  static String of(RoutingContext context) {
    String id = context.get(ATTRIBUTE);
    return id == null ? assign(context) : id;
  }

  private static String assign(RoutingContext context) {
    String sent = context.request().getHeader(HEADER);
    String id = isSane(sent) ? sent : generate();
    context.put(ATTRIBUTE, id);
    context.response().putHeader(HEADER, id);
    MDC.put(LOG_KEY, id);
    String parent = context.request().getHeader("traceparent");
    Matcher trace = parent == null ? null : TRACE_PARENT.matcher(parent);
    if (trace != null && trace.matches()) {
      MDC.put(TRACE_LOG_KEY, trace.group(1));
    }
    return id;
  }

  private static String generate() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextLong());
  }

  private static boolean isSane(@Nullable String id) {
    return id != null
        && !id.isEmpty()
        && id.length() <= MAX_LENGTH
        && id.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }
}
