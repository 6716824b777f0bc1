package org.psidgateway.api.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;

/** RFC 9457, for every path that has no shape of its own. */
@Singleton
@Priority(Integer.MIN_VALUE)
class ProblemJson implements ErrorShape {
  static final String MEDIA_TYPE = "application/problem+json";

  private final ObjectMapper json;

  ProblemJson(ObjectMapper json) {
    this.json = json;
  }

  @Override
  public boolean covers(String path) {
    return true;
  }

  @Override
  public String mediaType() {
    return MEDIA_TYPE;
  }

  @Override
  public Buffer body(Problem problem, RoutingContext context) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", problem.type().uri());
    body.put("title", problem.type().title());
    body.put("status", problem.status());
    body.put("detail", problem.getMessage());
    body.put("instance", RedactedPath.of(context.request().path()));
    body.put("request_id", RequestId.of(context));
    body.putAll(problem.extensions());
    try {
      return Buffer.buffer(json.writeValueAsBytes(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a problem is made of strings and numbers", e);
    }
  }
}
