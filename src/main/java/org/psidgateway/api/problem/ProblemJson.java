package org.psidgateway.api.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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
  public Optional<Shaped> shape(Problem problem, String path, String requestId) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", problem.type().uri());
    body.put("title", problem.type().title());
    body.put("status", problem.status());
    body.put("detail", problem.getMessage());
    body.put("instance", RedactedPath.of(path));
    body.put("request_id", requestId);
    body.putAll(problem.extensions());
    try {
      Buffer bytes = Buffer.buffer(json.writeValueAsBytes(body));
      return Optional.of(new Shaped(problem.status(), MEDIA_TYPE, bytes));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a problem is made of strings and numbers", e);
    }
  }
}
