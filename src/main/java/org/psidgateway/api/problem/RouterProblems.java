package org.psidgateway.api.problem;

import static io.netty.handler.codec.http.HttpHeaderNames.TRANSFER_ENCODING;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.quarkus.arc.All;
import io.quarkus.arc.Arc;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.ManagementInterface;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.psidgateway.time.Ticker;

/** Problems for what the router refuses before any resource is reached. */
@Singleton
class RouterProblems {
  private static final int BEFORE_THE_SERVERS_OWN_LIMIT = 1_000;
  private static final int[] REFUSALS = {400, 404, 405, 406, 413, 414, 415};

  /** For a body from somebody unknown to arrive. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration LINGER = Duration.ofMillis(500);

  private final Problems problems;
  private final List<BodyBound> bounds;
  private final Ticker ticker;
  private final long maxBody;

  RouterProblems(
      Problems problems,
      @All List<BodyBound> bounds,
      Ticker ticker,
      @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize maxBody) {
    this.problems = problems;
    this.bounds = bounds;
    this.ticker = ticker;
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
    HttpServerRequest request = context.request();
    OptionalLong strangers = ofStrangers(request.path());
    String length = request.getHeader(HttpHeaderNames.CONTENT_LENGTH);
    if (length != null && Long.parseLong(length) > strangers.orElse(maxBody)) {
      refuse(413, context);
    } else if (strangers.isPresent() && request.headers().contains(TRANSFER_ENCODING)) {
      refuse(411, context);
    } else {
      if (strangers.isPresent() && length != null) {
        ticker.after(PATIENCE).subscribe().with(late -> endSlow(request));
      }
      context.next();
    }
  }

  private void refuse(int status, RoutingContext context) {
    // Nobody is going to read it: the connection can't be used for another request. What is on its
    // way is dropped for a moment, so that the refusal can be read.
    context.addEndHandler(
        sent -> {
          context.request().resume();
          ticker.after(LINGER).subscribe().with(over -> context.request().connection().close());
        });
    Problem problem = ProblemMappers.ofStatus(status, context);
    problems.send(problem.header("Connection", "close"), context);
  }

  private OptionalLong ofStrangers(@Nullable String path) {
    return path == null
        ? OptionalLong.empty()
        : bounds.stream()
            .map(bound -> bound.longest(path))
            .filter(OptionalLong::isPresent)
            .findFirst()
            .orElse(OptionalLong.empty());
  }

  private static void endSlow(HttpServerRequest request) {
    if (!request.isEnded()) {
      request.connection().close();
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
