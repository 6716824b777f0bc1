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
    ErrorShape shape = shape(context);
    Response.ResponseBuilder response =
        Response.status(problem.status())
            .header(HttpHeaders.CONTENT_TYPE, shape.mediaType())
            .entity(shape.body(problem, context));
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
    ErrorShape shape = shape(context);
    context.response().setStatusCode(problem.status());
    context.response().putHeader(HttpHeaders.CONTENT_TYPE, shape.mediaType());
    problem.headers().forEach(context.response()::putHeader);
    context.end(shape.body(problem, context));
  }

  private void count(Problem problem) {
    Objects.requireNonNull(counters.get(problem.type())).increment();
  }

  private ErrorShape shape(RoutingContext context) {
    String path = context.request().path();
    return shapes.stream().filter(shape -> shape.covers(path)).findFirst().orElseThrow();
  }
}
