package org.psidgateway.api;

import io.quarkus.vertx.http.runtime.filters.Filters;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Shows tests how long the gateway took, from its first look at a request to the head of the
 * answer: their own clocks would also measure a client that is busy on the same cores.
 */
@Singleton
class ServerTiming {
  private static final String HEADER = "Server-Timing";
  private static final String PREFIX = "total;dur=";
  private static final int BEFORE_ALL_OTHERS = 20_000;

  void register(@Observes Filters filters) {
    filters.register(
        context -> {
          long begun = System.nanoTime();
          context.addHeadersEndHandler(
              now ->
                  context
                      .response()
                      .putHeader(HEADER, PREFIX + (System.nanoTime() - begun) / 1_000_000));
          context.next();
        },
        BEFORE_ALL_OTHERS);
  }

  static Duration of(HttpResponse<?> response) {
    String sent = response.headers().firstValue(HEADER).orElseThrow();
    return Duration.ofMillis(Long.parseLong(sent.substring(PREFIX.length())));
  }
}
