package org.psidgateway.api.problem;

import io.quarkus.vertx.http.ManagementInterface;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes {@code Date} into every answer: the second in which it leaves. */
@Singleton
class ResponseDate {
  private static final int AFTER_REQUEST_ID = 9_500;

  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final InstantSource clock;
  private volatile Second now = new Second(Long.MIN_VALUE, "");

  private record Second(long epochSecond, String text) {}

  ResponseDate(InstantSource clock) {
    this.clock = clock;
  }

  void register(@Observes Filters filters) {
    filters.register(this::promise, AFTER_REQUEST_ID);
  }

  void register(@Observes ManagementInterface management) {
    management.router().route().order(-AFTER_REQUEST_ID).handler(this::promise);
  }

  private void promise(RoutingContext context) {
    context.addHeadersEndHandler(leaving -> add(context));
    context.next();
  }

  /** For an answer that leaves now. */
  void add(RoutingContext context) {
    context.response().putHeader(HttpHeaders.DATE, text(clock.instant()));
  }

  /** Formatted once a second. */
  private String text(Instant instant) {
    Second last = now;
    if (last.epochSecond() != instant.getEpochSecond()) {
      last = new Second(instant.getEpochSecond(), HTTP_DATE.format(instant));
      now = last;
    }
    return last.text();
  }
}
