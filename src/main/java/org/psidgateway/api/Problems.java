package org.psidgateway.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Turns problems into answers, for the framework's errors and for our own, and counts them. */
@Singleton
class Problems {
  static final String MEDIA_TYPE = "application/problem+json";

  private final ObjectMapper json;
  private final Map<ProblemType, Counter> counters = new EnumMap<>(ProblemType.class);

  Problems(ObjectMapper json, MeterRegistry metrics) {
    this.json = json;
    for (ProblemType type : ProblemType.values()) {
      counters.put(
          type,
          Counter.builder("gateway.http.problems")
              .description("Requests refused as a whole, by the type of the problem")
              .baseUnit("problems")
              .tag("type", type.slug())
              .register(metrics));
    }
  }

  Response toResponse(Problem problem, RoutingContext context) {
    Response.ResponseBuilder response =
        Response.status(problem.status())
            .header(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
            .entity(body(problem, context));
    problem.headers().forEach(response::header);
    return response.build();
  }

  /** For what fails outside of any resource; does nothing where an answer is already on its way. */
  void send(Problem problem, RoutingContext context) {
    if (context.response().ended() || context.response().headWritten()) {
      return;
    }
    Buffer body = body(problem, context);
    context.response().setStatusCode(problem.status());
    context.response().putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE);
    problem.headers().forEach(context.response()::putHeader);
    context.end(body);
  }

  private Buffer body(Problem problem, RoutingContext context) {
    Objects.requireNonNull(counters.get(problem.type())).increment();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", problem.type().uri());
    body.put("title", problem.type().title());
    body.put("status", problem.status());
    body.put("detail", problem.getMessage());
    body.put("instance", Instance.of(context.request().path()));
    body.put("request_id", RequestId.of(context));
    body.putAll(problem.extensions());
    try {
      return Buffer.buffer(json.writeValueAsBytes(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a problem is made of strings and numbers", e);
    }
  }
}
