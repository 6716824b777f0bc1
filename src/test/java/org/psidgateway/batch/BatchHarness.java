package org.psidgateway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.model.Answers;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Tariff;
import org.psidgateway.page.Page;
import org.psidgateway.page.Tokens;
import org.psidgateway.testing.ManualTicker;
import org.psidgateway.testing.OneCaller;
import org.psidgateway.testing.Tariffs;
import org.psidgateway.trace.Trace;
import org.psidgateway.trace.Traces;
import org.psidgateway.upstream.Outcome;

/** A batcher between a scripted ledger and a scripted upstream, all on the thread of the test. */
final class BatchHarness {
  static final PageId PAGE = new PageId(100);
  static final Duration LINGER = Duration.ofMillis(20);
  static final int ATTEMPTS = 4;

  final ManualTicker ticker = new ManualTicker();
  final ScriptedLedger ledger = new ScriptedLedger(ticker);
  final ScriptedUpstream upstream;
  final Registry pages = new Registry();
  final List<Findings> cached = new ArrayList<>();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final Batcher batcher;

  BatchHarness() {
    this(Tariffs.PER_BATCH);
  }

  BatchHarness(Tariff tariff) {
    upstream = new ScriptedUpstream(tariff);
    batcher =
        new Batcher(
            ledger,
            upstream,
            pages,
            (page, findings) -> cached.add(findings),
            meters,
            Traces.off(),
            new Settings(),
            new Settings(),
            Queues.pool(ticker));
  }

  /** A caller, and the answers it has so far. */
  final class Caller {
    final Answers answers;
    final CompletableFuture<Void> done;

    Caller(PageId page, Lane lane, Duration patience, long... asids) {
      this(OneCaller.NAME, page, lane, patience, asids);
    }

    Caller(String name, PageId page, Lane lane, Duration patience, long... asids) {
      answers = new Answers(asids);
      done =
          batcher
              .join(page, lane, name, answers, Trace.NONE)
              .done(patience)
              .subscribeAsCompletionStage();
    }

    List<Fate> fates() {
      return IntStream.range(0, answers.size()).mapToObj(answers::fate).toList();
    }

    Fate fateOf(long asid) {
      int line = 0;
      while (answers.asid(line) != asid) {
        line++;
      }
      return answers.fate(line);
    }
  }

  /** Asks and lets the batch fill. */
  Caller ask(long... asids) {
    Caller caller = queue(asids);
    ticker.advance(LINGER);
    return caller;
  }

  Caller queue(long... asids) {
    return new Caller(PAGE, Lane.INTERACTIVE, Duration.ofDays(1), asids);
  }

  /** The answer for an id to a caller without patience. */
  Fate probe(Lane lane, long asid) {
    return new Caller(PAGE, lane, Duration.ZERO, asid).fateOf(asid);
  }

  /** However it went: once all is answered, no permit is taken and no id waits. */
  void assertQuietInTheEnd() {
    assertQuietInTheEnd(asids -> Uni.createFrom().item(ScriptedUpstream.psids(asids)));
  }

  void assertQuietInTheEnd(Function<long[], Uni<Outcome>> rest) {
    ledger.script.clear();
    ledger.lookScript.clear();
    ledger.restOfLooks =
        awaited -> new Ledger.Revisit(ScriptedLedger.NOTHING_SEEN, Duration.ofSeconds(1));
    upstream.script.clear();
    upstream.rest = rest;
    upstream.accepting = true;
    ticker.advance(Duration.ofMinutes(10));
    assertThat(gauge("gateway.batch.queued")).as("ids that wait").isZero();
    assertThat(gauge("gateway.batch.calls")).as("permits taken").isZero();
    assertThat(gauge("gateway.batch.waiting")).as("lines that wait").isZero();
  }

  double gauge(String name) {
    return meters.get(name).gauge().value();
  }

  static long[] ids(int first, int last) {
    return LongStream.rangeClosed(first, last).toArray();
  }

  /** Knows one token for every Page. */
  static final class Registry implements Tokens {
    final List<String> paused = new ArrayList<>();
    Optional<String> token = Optional.of("token");
    int revision = 1;
    boolean away;

    @Override
    public Optional<Page> find(PageId page) {
      return Optional.of(
          new Page(page, null, null, false, false, null, revision > 0, revision, Instant.EPOCH));
    }

    @Override
    public Optional<String> token(PageId page, int wanted) {
      if (away) {
        throw new IllegalStateException("PostgreSQL is away");
      }
      return token;
    }

    @Override
    public void pauseFor(PageId page, int tokenRevision, String reason) {
      paused.add(reason);
    }
  }

  private static final class Settings implements BatchConfig, RetryConfig {
    @Override
    public Duration linger() {
      return LINGER;
    }

    @Override
    public OptionalInt maxQueued() {
      return OptionalInt.of(10_000);
    }

    @Override
    public int maxAttempts() {
      return ATTEMPTS;
    }

    @Override
    public Duration initialDelay() {
      return Duration.ofMillis(200);
    }

    @Override
    public Duration maxDelay() {
      return Duration.ofSeconds(10);
    }
  }
}
