package org.psidgateway.batch;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Tariff;
import org.psidgateway.model.Usage;
import org.psidgateway.model.Verdict;
import org.psidgateway.upstream.Outcome;
import org.psidgateway.upstream.Question;
import org.psidgateway.upstream.Upstream;
import org.psidgateway.upstream.UpstreamError;

/** Answers as a test has scripted; without a script, every id with the one 1000 above it. */
final class ScriptedUpstream implements Upstream {
  final List<long[]> asked = new ArrayList<>();
  final List<Question> questions = new ArrayList<>();
  final Deque<Function<long[], Uni<Outcome>>> script = new ArrayDeque<>();

  /** Answers whatever is not scripted. */
  Function<long[], Uni<Outcome>> rest = asids -> Uni.createFrom().item(psids(asids));

  boolean accepting = true;
  private final Tariff tariff;

  ScriptedUpstream(Tariff tariff) {
    this.tariff = tariff;
  }

  /** Called when a connection stands, before the call may leave. */
  Runnable connecting = () -> {};

  static Function<long[], Uni<Outcome>> answers(Outcome outcome) {
    return asids -> Uni.createFrom().item(outcome);
  }

  static Function<long[], Uni<Outcome>> refuses(UpstreamError error, long... listed) {
    return refuses(error, Optional.empty(), listed);
  }

  static Function<long[], Uni<Outcome>> refuses(
      UpstreamError error, Optional<Duration> regainAfter, long... listed) {
    return answers(
        new Outcome.Refused(
            error, Findings.of(listed, Verdict.REJECTED), regainAfter, Usage.UNKNOWN, "code 1"));
  }

  static Function<long[], Uni<Outcome>> later(CompletableFuture<Outcome> outcome) {
    return asids -> Uni.createFrom().completionStage(outcome);
  }

  static Outcome psids(long[] asids) {
    long[] psids = LongStream.of(asids).map(asid -> asid + 1000).toArray();
    return new Outcome.Answered(Findings.of(asids, psids), psids.length, Usage.UNKNOWN);
  }

  @Override
  public Uni<Outcome> ask(
      Question question, String token, long sendBefore, Supplier<Uni<Optional<String>>> objection) {
    connecting.run();
    return objection
        .get()
        .flatMap(
            reason -> {
              if (reason.isPresent()) {
                return Uni.createFrom().item(new Outcome.Unsent(reason.get()));
              }
              asked.add(question.asids());
              questions.add(question);
              Function<long[], Uni<Outcome>> line = script.poll();
              return (line == null ? rest : line).apply(question.asids());
            });
  }

  @Override
  public Tariff tariff() {
    return tariff;
  }

  @Override
  public Duration timeout() {
    return Duration.ofSeconds(10);
  }

  @Override
  public int concurrency() {
    return 2;
  }

  @Override
  public boolean accepting() {
    return accepting;
  }
}
