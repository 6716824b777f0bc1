package org.psidgateway.api.problem;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.psidgateway.api.problem.ErrorShape.Shaped;

/** Turns problems into answers, for the framework's errors and for our own, and counts them. */
@Singleton
class Problems {
  private final List<ErrorShape> shapes;
  private final ResponseDate date;
  private final Map<ProblemType, Counter> counters = new EnumMap<>(ProblemType.class);

  Problems(@All List<ErrorShape> shapes, ResponseDate date, MeterRegistry metrics) {
    this.shapes = shapes;
    this.date = date;
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
    count(problem);
    Shaped shaped = shape(problem, context);
    Response.ResponseBuilder response =
        Response.status(shaped.status())
            .header(HttpHeaders.CONTENT_TYPE, shaped.mediaType())
            .entity(shaped.body());
    problem.headers().forEach(response::header);
    return response.build();
  }

  /** For what fails outside of any resource; does nothing if an answer is already on its way. */
  void send(Problem problem, RoutingContext context) {
    if (context.response().ended() || context.response().headWritten()) {
      return;
    }
    count(problem);
    date.add(context); // some refusals come before any filter
    Shaped shaped = shape(problem, context);
    context.response().setStatusCode(shaped.status());
    context.response().putHeader(HttpHeaders.CONTENT_TYPE, shaped.mediaType());
    problem.headers().forEach(context.response()::putHeader);
    context.end(shaped.body());
  }

  private void count(Problem problem) {
    Objects.requireNonNull(counters.get(problem.type())).increment();
  }

  private Shaped shape(Problem problem, RoutingContext context) {
    String path = context.request().path();
    String requestId = RequestId.of(context);
    return shapes.stream()
        .flatMap(shape -> shape.shape(problem, path, requestId).stream())
        .findFirst()
        .orElseThrow();
  }
}
