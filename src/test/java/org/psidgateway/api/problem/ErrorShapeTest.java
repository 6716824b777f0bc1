package org.psidgateway.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Intercepted;

/** Errors have the form that the callers of their path expect. */
class ErrorShapeTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Problems problems =
      new Problems(
          List.of(new Teapot(), new ProblemJson(new ObjectMapper())),
          new ResponseDate(InstantSource.system()),
          registry);

  private static final class Teapot implements ErrorShape {
    @Override
    public Optional<Shaped> shape(Problem problem, String path, String requestId) {
      return path.startsWith("/tea/")
          ? Optional.of(
              new Shaped(418, "text/plain", Buffer.buffer("short and stout: " + problem.status())))
          : Optional.empty();
    }
  }

  @Test
  void problem_hasTheShapeOfItsPath() {
    Response response = refused("/tea/pots");
    assertThat(response.getStatus()).isEqualTo(418);
    assertThat(response.getHeaderString("Content-Type")).isEqualTo("text/plain");
    assertThat(response.getEntity()).hasToString("short and stout: 503");
    assertThat(response.getHeaderString("Retry-After")).isNotNull();
  }

  @Test
  void problem_isProblemJson_onAnyOtherPath() {
    Response response = refused("/v1/pages");
    assertThat(response.getHeaderString("Content-Type")).isEqualTo("application/problem+json");
    assertThat(response.getEntity().toString()).contains("\"instance\":\"/v1/pages\"");
  }

  @Test
  void problem_isCountedOnce_whateverItsShape() {
    refused("/tea/pots");
    refused("/v1/pages");
    assertThat(registry.get("gateway.http.problems").tag("type", "unavailable").counter().count())
        .isEqualTo(2);
  }

  private Response refused(String path) {
    HttpServerRequest request =
        Intercepted.of(HttpServerRequest.class, (method, arguments) -> path);
    RoutingContext context =
        Intercepted.of(
            RoutingContext.class,
            (method, arguments) -> method.getName().equals("request") ? request : "an-id");
    return problems.toResponse(Problem.unavailable(), context);
  }
}
