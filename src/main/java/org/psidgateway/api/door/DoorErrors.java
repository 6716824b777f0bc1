package org.psidgateway.api.door;

import io.vertx.core.buffer.Buffer;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.psidgateway.api.problem.BodyBound;
import org.psidgateway.api.problem.ErrorShape;
import org.psidgateway.api.problem.Problem;

/** Whatever is refused before the door looks at it, or fails, has the Graph API's form as well. */
@Singleton
@Priority(1)
class DoorErrors implements ErrorShape, BodyBound {
  private static final Pattern PATH = Pattern.compile("/+(v[0-9]+[.][0-9]+/+)?pages_id_mapping/?");

  private final boolean enabled;

  DoorErrors(DoorConfig config) {
    this.enabled = config.enabled();
  }

  @Override
  public OptionalLong longest(String path) {
    return enabled && PATH.matcher(path).matches()
        ? OptionalLong.of(DoorBody.MAX)
        : OptionalLong.empty();
  }

  @Override
  public Optional<Shaped> shape(Problem problem, String path, String requestId) {
    if (!enabled || !PATH.matcher(path).matches()) {
      return Optional.empty();
    }
    GraphError failed = GraphError.NOT_READY;
    int status = problem.status() >= failed.status() ? failed.status() : problem.status();
    Buffer body =
        status == failed.status()
            ? failed.body(List.of(), requestId)
            : GraphError.unlisted(String.valueOf(problem.getMessage()), requestId);
    return Optional.of(new Shaped(status, MediaType.APPLICATION_JSON, body));
  }
}
