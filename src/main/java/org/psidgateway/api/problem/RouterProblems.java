package org.psidgateway.api.problem;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.quarkus.arc.Arc;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.ManagementInterface;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Problems for what the router refuses before any resource is reached. */
@Singleton
class RouterProblems {
  private static final int BEFORE_THE_SERVERS_OWN_LIMIT = 1_000;
  private static final int[] REFUSALS = {400, 404, 405, 406, 413, 414, 415};

  private final Problems problems;
  private final long maxBody;

  RouterProblems(
      Problems problems,
      @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize maxBody) {
    this.problems = problems;
    this.maxBody = maxBody.asLongValue();
  }

  void register(@Observes Filters filters) {
    filters.register(this::refuseHugeBody, BEFORE_THE_SERVERS_OWN_LIMIT);
  }

  void register(@Observes ManagementInterface management) {
    register(management.router());
  }

  void register(@Observes Router router) {
    router.route().order(-BEFORE_THE_SERVERS_OWN_LIMIT).failureHandler(this::fail);
    for (int status : REFUSALS) {
      router.errorHandler(status, this::fail);
    }
  }

  private void refuseHugeBody(RoutingContext context) {
    String length = context.request().getHeader(HttpHeaderNames.CONTENT_LENGTH);
    if (length != null && Long.parseLong(length) > maxBody) {
      // Nobody is going to read it: the connection can't be used for another request.
      context.addEndHandler(sent -> context.request().connection().close());
      problems.send(ProblemMappers.ofStatus(413, context).header("Connection", "close"), context);
    } else {
      context.next();
    }
  }

  private void fail(RoutingContext context) {
    if (!RequestLine.isUri(context.request().uri())) { // whatever stumbled over it
      problems.send(RequestLine.notAUri(), context);
    } else if (Arc.container() == null) { // a probe that met a start that failed, or the end
      problems.send(Problem.unavailable(), context);
    } else if (context.failure() != null && context.statusCode() >= 500) {
      problems.send(ProblemMappers.unexpected(context.failure()), context);
    } else {
      problems.send(ProblemMappers.ofStatus(context.statusCode(), context), context);
    }
  }
}
