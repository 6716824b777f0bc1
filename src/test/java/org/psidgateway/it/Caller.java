package org.psidgateway.it;

import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.psidgateway.testing.Gateway.Answer;

/** Asks one question after another, and tries nothing twice. */
final class Caller {
  private final Vertx vertx;
  private final Function<Question, CompletionStage<Answer>> client;
  private final Supplier<Question> questions;
  private final LongSupplier pauseMillis;
  private final Tally.Line tally;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean stopped;

  Caller(
      Vertx vertx,
      Function<Question, CompletionStage<Answer>> client,
      Supplier<Question> questions,
      LongSupplier pauseMillis,
      Tally.Line tally) {
    this.vertx = vertx;
    this.client = client;
    this.questions = questions;
    this.pauseMillis = pauseMillis;
    this.tally = tally;
    pause();
  }

  private void pause() {
    vertx.setTimer(Math.max(1, pauseMillis.getAsLong()), over -> ask());
  }

  private void ask() {
    if (stopped) {
      ended.complete(null);
      return;
    }
    Question question = questions.get();
    Tally.Request request = tally.begin();
    client
        .apply(question)
        .whenComplete(
            (answer, failure) -> {
              if (failure == null) {
                request.answered(answer, question.wrong());
              } else {
                request.failed(failure);
              }
              pause();
            });
  }

  void stop() {
    stopped = true;
  }

  /** Until the last answer is there. */
  void awaitEnd() {
    ended.join();
  }
}
