package org.psidgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.callback.QuarkusTestBeforeClassCallback;
import io.restassured.RestAssured;
import io.restassured.filter.Filter;
import io.restassured.filter.FilterContext;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;
import org.psidgateway.api.OpenApiDocument.Operation;

/**
 * Whatever a test of Quarkus gets through RestAssured has to be documented: its status, its media
 * type, and every field of its body.
 */
public final class DocumentedAnswers implements Filter, QuarkusTestBeforeClassCallback {
  private static final OpenApiDocument DOCUMENT = OpenApiDocument.WRITTEN;

  @Override
  public void beforeClass(Class<?> testClass) {
    RestAssured.replaceFiltersWith(this);
  }

  @Override
  public Response filter(
      FilterableRequestSpecification request,
      FilterableResponseSpecification expected,
      FilterContext context) {
    Response response = context.next(request, expected);
    DOCUMENT
        .operation(request.getMethod(), path(request.getURI()))
        .ifPresent(operation -> check(operation, response));
    return response;
  }

  /** Tests send what {@link java.net.URI} refuses. */
  private static String path(String uri) {
    return uri.replaceFirst("^\\w+://[^/?]*", "").replaceFirst("\\?.*", "");
  }

  private static void check(Operation operation, Response response) {
    String status = Integer.toString(response.statusCode());
    String name = operation.id() + " " + status;
    assertThat(operation.statuses()).as(name).contains(status);
    JsonNode content =
        DOCUMENT.resolved(operation.node().path("responses").path(status)).path("content");
    String body = response.asString();
    if (content.isMissingNode()) {
      assertThat(body).as(name).isEmpty();
      return;
    }
    String type = response.contentType().replaceFirst(";.*", "");
    assertThat(content.has(type)).as(name + " " + type).isTrue();
    if (type.endsWith("/json") || type.endsWith("+json")) {
      assertThat(DOCUMENT.faults(content.path(type).path("schema"), body))
          .as(name + " " + body)
          .isEmpty();
    }
  }
}
