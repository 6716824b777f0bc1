package org.psidgateway.upstream;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.psidgateway.upstream.Outcome.Uncertain;
import org.psidgateway.upstream.Outcome.Unsent;

/**
 * One request and its answer, which knows at every moment whether a byte may have left. Only what
 * happens before a connection is in hand (name, route, TCP, TLS) is {@link Unsent}. From then on
 * all is {@link Uncertain}, even on a kept-alive connection that the other side closed meanwhile:
 * it can't be told from one that was closed after reading. Nothing is ever sent twice.
 */
final class Exchange {

  /** An answer, whole. */
  record Reply(int status, MultiMap headers, byte[] body) {}

  private enum Stage {
    CONNECTING,
    SENT,
    ABANDONED
  }

  /** Two hundred mappings take 15 KiB; whoever sends more than this is not the upstream. */
  static final int MAX_BODY = 1 << 20;

  private final HttpClient http;
  private final RequestOptions options;
  private final Buffer body;
  private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.CONNECTING);
  private volatile @Nullable HttpClientRequest request;

  Exchange(HttpClient http, RequestOptions options, Buffer body) {
    this.http = http;
    this.options = options;
    this.body = body;
  }

  /** Sends, once, on subscription; fails with {@link CallFailed} alone. */
  Uni<Reply> send() {
    return Uni.createFrom()
        .emitter(
            emitter ->
                http.request(options)
                    .recover(e -> Future.failedFuture(new CallFailed(new Unsent("connect_failed"))))
                    .compose(this::write)
                    .onComplete(
                        emitter::complete, e -> emitter.fail(failed(e, "connection_lost"))));
  }

  /**
   * Gives up: nothing is sent any more, and the connection of a call under way is closed.
   *
   * @return whether it is certain that nothing was sent
   */
  boolean abandon() {
    if (stage.compareAndSet(Stage.CONNECTING, Stage.ABANDONED)) {
      return true;
    }
    HttpClientRequest sent = request;
    if (sent != null) {
      sent.reset(); // HTTP/1.1 can't take a request back: this closes the connection
    }
    return stage.get() == Stage.ABANDONED;
  }

  private Future<Reply> write(HttpClientRequest connected) {
    request = connected;
    if (!stage.compareAndSet(Stage.CONNECTING, Stage.SENT)) {
      connected.reset();
      return Future.failedFuture(new CallFailed(new Unsent("abandoned")));
    }
    return connected.send(body).compose(this::read);
  }

  private Future<Reply> read(HttpClientResponse response) {
    Promise<Reply> whole = Promise.promise();
    Buffer received = Buffer.buffer();
    response.exceptionHandler(whole::tryFail);
    response.handler(
        chunk -> {
          if (received.length() + chunk.length() <= MAX_BODY) {
            received.appendBuffer(chunk);
          } else if (whole.tryFail(new CallFailed(new Uncertain("answer_too_large")))) {
            abandon();
          }
        });
    response.endHandler(
        end ->
            whole.tryComplete(
                new Reply(response.statusCode(), response.headers(), received.getBytes())));
    return whole.future();
  }

  private static CallFailed failed(Throwable e, String detail) {
    return e instanceof CallFailed known ? known : new CallFailed(new Uncertain(detail));
  }
}
