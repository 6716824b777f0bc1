package org.psidgateway.api.admin;

import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import org.jboss.logging.Logger;
import org.jboss.logmanager.LogContext;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.problem.Problem;
import org.psidgateway.security.Access;
import org.psidgateway.security.Role;

/**
 * How much is logged, by the pod that answers, until it ends. For our own categories alone: what
 * libraries log when asked for more may hold a token.
 */
@Path("/v1/logging/{category}")
@Produces(MediaType.APPLICATION_JSON)
@Authenticated
@Blocking
class LoggingResource {
  private static final Logger LOG = Logger.getLogger(LoggingResource.class);
  private static final String OURS = "org\\.psidgateway(\\.[A-Za-z0-9]{1,40}){0,3}";

  private final Access access;
  private final StrictJson json;

  LoggingResource(Access access, StrictJson json) {
    this.access = access;
    this.json = json;
  }

  /** What to log. */
  enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }

  /** The level of a category; null: the level of the category above. */
  record Body(@Nullable Level level) {}

  @PUT
  public Body change(@RestPath String category, InputStream body) throws IOException {
    Body change = json.read(body, Body.class);
    if (!category.matches(OURS)) {
      throw Problem.parameter("category", "must be org.psidgateway or a category below it");
    }
    access.require(Role.ADMIN);
    Level level = change.level();
    org.jboss.logmanager.Logger logger = LogContext.getLogContext().getLogger(category);
    if (level == null) {
      logger.setLevel(null);
    } else {
      logger.setLevelName(level.name());
    }
    LOG.warnf("The level of %s is now %s", category, level);
    return change;
  }
}
