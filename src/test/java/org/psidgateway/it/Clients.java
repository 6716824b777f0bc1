package org.psidgateway.it;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.Pod;

/**
 * Ways to ask over a connection of one's own, which is kept for as long as the other side lets it.
 */
final class Clients {
  private final Vertx vertx;
  private final int port;

  Clients(Vertx vertx, int port) {
    this.vertx = vertx;
    this.port = port;
  }

  Function<Question, CompletionStage<Answer>> http1() {
    io.vertx.core.http.HttpClient client =
        vertx.createHttpClient(
            new HttpClientOptions().setDefaultPort(port), new PoolOptions().setHttp1MaxSize(1));
    return question ->
        client
            .request(HttpMethod.valueOf(question.method()), question.path())
            .compose(request -> with(request, question).send(Buffer.buffer(question.body())))
            .compose(
                response ->
                    response.body().map(body -> Answer.of(response.statusCode(), body.toString())))
            .toCompletionStage();
  }

  private static HttpClientRequest with(HttpClientRequest request, Question question) {
    return request
        .putHeader("Authorization", "Bearer " + Pod.KEY)
        .putHeader("Content-Type", "application/json")
        .putHeader("Prefer", "wait=" + question.patience());
  }

  /** As a Java program has it that sets nothing: it asks for HTTP/2. */
  Function<Question, CompletionStage<Answer>> jdk() {
    HttpClient client = HttpClient.newHttpClient();
    return question ->
        client
            .sendAsync(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + question.path()))
                    .header("Authorization", "Bearer " + Pod.KEY)
                    .header("Content-Type", "application/json")
                    .header("Prefer", "wait=" + question.patience())
                    .method(question.method(), BodyPublishers.ofString(question.body()))
                    .build(),
                BodyHandlers.ofString())
            .thenApply(response -> Answer.of(response.statusCode(), response.body()));
  }
}
