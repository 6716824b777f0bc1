package org.psidgateway.upstream;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.psidgateway.upstream.Outcome.Uncertain;
import org.psidgateway.upstream.Outcome.Unsent;

/**
 * One request and its answer, which knows at every moment whether a byte may have left. Only what
 * happens before a connection is in hand (name, route, TCP, TLS) is {@link Unsent}. From the first
 * byte on all is {@link Uncertain}, even on a kept-alive connection that the other side closed
 * meanwhile: it looks like one that was closed after reading. Nothing is ever sent twice.
 */
final class Exchange {

  /** An answer, whole. */
  record Reply(int status, MultiMap headers, byte[] body) {}

  private enum Stage {
    UNSENT,
    SENT,
    ABANDONED
  }

  /**
   * Two hundred mappings take 15 KiB, fifty people on a hundred Pages each 2 MiB; a server that
   * sends more than this is not the upstream.
   */
  static final int MAX_BODY = 4 << 20;

  static final Unsent CONNECT_TIMEOUT = new Unsent("connect_timeout");
  private static final Unsent CONNECT_FAILED = new Unsent("connect_failed");

  private final HttpClient http;
  private final RequestOptions options;
  private final Buffer body;
  private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.UNSENT);
  private volatile @Nullable HttpClientRequest request;

  Exchange(HttpClient http, RequestOptions options, Buffer body) {
    this.http = http;
    this.options = options;
    this.body = body;
  }

  /**
   * Takes a connection, kept or new, once, on subscription; sends nothing. Fails with {@link
   * CallFailed} if there is none within the time for connecting. What was taken must be given to
   * {@link #send} or back by {@link #abandon}.
   */
  Uni<Void> connect() {
    return Uni.createFrom()
        .emitter(
            emitter ->
                http.request(options)
                    .onComplete(
                        connected -> {
                          // The caller that waits gets it; unhandled, it would be logged as well.
                          connected.exceptionHandler(e -> {});
                          request = connected;
                          emitter.complete(null);
                        },
                        e ->
                            emitter.fail(
                                new CallFailed(isTimeout(e) ? CONNECT_TIMEOUT : CONNECT_FAILED))));
  }

  /** Sends over it, once, on subscription; fails with {@link CallFailed} alone. */
  Uni<Reply> send() {
    return Uni.createFrom()
        .emitter(
            emitter ->
                write()
                    .onComplete(
                        emitter::complete, e -> emitter.fail(failed(e, "connection_lost"))));
  }

  /**
   * Gives up: nothing is sent any more. If nothing was sent over the connection, it is kept for
   * another call; otherwise it is closed.
   *
   * @return whether it is certain that nothing was sent
   */
  boolean abandon() {
    stage.compareAndSet(Stage.UNSENT, Stage.ABANDONED);
    HttpClientRequest taken = request;
    if (taken != null) {
      taken.reset(); // HTTP/1.1 can't take back what was sent: then this closes the connection
    }
    return stage.get() == Stage.ABANDONED;
  }

  private Future<Reply> write() {
    HttpClientRequest taken = request;
    if (taken == null || !stage.compareAndSet(Stage.UNSENT, Stage.SENT)) {
      return Future.failedFuture(new CallFailed(new Unsent("abandoned")));
    }
    return taken.send(body).compose(this::read);
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

  /** A time-out of name resolution, TCP, TLS, or all together. */
  private static boolean isTimeout(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof TimeoutException
          || cause instanceof ConnectTimeoutException
          || cause instanceof SslHandshakeTimeoutException) {
        return true;
      }
    }
    return false;
  }

  private static CallFailed failed(Throwable e, String detail) {
    return e instanceof CallFailed known ? known : new CallFailed(new Uncertain(detail));
  }
}
