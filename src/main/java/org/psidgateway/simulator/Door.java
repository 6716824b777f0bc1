package org.psidgateway.simulator;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.psidgateway.simulator.SimulatedGraph.Fault;

/** HTTP in and out: finds the endpoint, and delivers, delays or loses its answer. */
final class Door implements Handler<HttpServerRequest> {
  private static final Pattern MAPPING = Pattern.compile("(/v[0-9]+\\.[0-9]+)?/pages_id_mapping/?");
  private static final Pattern ROOT = Pattern.compile("(/v[0-9]+\\.[0-9]+)?/?");

  private final Vertx vertx;
  private final PagesIdMapping mapping;
  private final IdMatching matching;
  private final ControlApi control;

  Door(Vertx vertx, PagesIdMapping mapping, IdMatching matching, ControlApi control) {
    this.vertx = vertx;
    this.mapping = mapping;
    this.matching = matching;
    this.control = control;
  }

  @Override
  public void handle(HttpServerRequest request) {
    request
        .body()
        .map(
            body -> {
              route(request, body);
              return body;
            })
        .onFailure(
            failure -> send(request, Reply.of("", 0, 500, "text/plain", failure.toString())));
  }

  private void route(HttpServerRequest request, Buffer body) {
    String path = request.path();
    if (path.startsWith("/simulator/")) {
      String query = Objects.requireNonNullElse(request.query(), "");
      send(request, control.serve(request.method().name(), path, query, body.getBytes()));
      return;
    }
    GraphRequest parsed;
    try {
      parsed =
          GraphRequest.of(
              request.query(),
              request.getHeader("Content-Type"),
              request.getHeader("Authorization"),
              body.toString());
    } catch (IllegalArgumentException e) {
      send(request, mapping.unreadable());
      return;
    }
    Optional<Served> served = serve(request, path, parsed);
    if (served.isEmpty()) {
      send(request, mapping.elsewhere(path));
    } else if (served.get().delayMs() == 0) {
      deliver(request, served.get());
    } else {
      vertx.setTimer(served.get().delayMs(), timer -> deliver(request, served.get()));
    }
  }

  private Optional<Served> serve(HttpServerRequest request, String path, GraphRequest parsed) {
    String method = request.method().name();
    String origin = "http://" + request.authority();
    if (method.equals("POST") && MAPPING.matcher(path).matches()) {
      return Optional.of(mapping.serve(parsed));
    }
    if (method.equals("POST") && ROOT.matcher(path).matches() && parsed.get("batch") != null) {
      return Optional.of(matching.batch(parsed, origin));
    }
    return GraphOperation.of(method, path, parsed)
        .filter(GraphOperation::isMatching)
        .map(operation -> matching.single(operation, origin));
  }

  private static void deliver(HttpServerRequest request, Served served) {
    Fault.Kind decisive = served.decisive();
    if (decisive == Fault.Kind.RESET || decisive == Fault.Kind.LOSE_REPLY) {
      request.connection().close();
    } else if (decisive != Fault.Kind.HANG && decisive != Fault.Kind.HANG_AFTER_ACTING) {
      send(request, served.reply());
    }
  }

  private static void send(HttpServerRequest request, Reply reply) {
    HttpServerResponse response = request.response();
    if (response.closed()) {
      return; // the caller did not wait
    }
    response.setStatusCode(reply.status()).putHeader("Content-Type", reply.contentType());
    for (Map.Entry<String, String> header : reply.headers().entrySet()) {
      response.putHeader(header.getKey(), header.getValue());
    }
    response.end(reply.body());
  }
}
