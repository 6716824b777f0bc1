package org.psidgateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.PageId;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.simulator.SimulatedGraph.Fault.Kind;
import org.psidgateway.simulator.SimulatorScript;
import org.psidgateway.upstream.Outcome.Match;
import org.psidgateway.upstream.Outcome.Matched;
import org.psidgateway.upstream.Outcome.Refused;
import org.psidgateway.upstream.Outcome.Uncertain;
import org.psidgateway.upstream.Question.Further;

/** The adapter before the simulator, which bears witness. */
class SimulatedMatchingTest extends UpstreamHarness {
  private SimulatorScript script;
  private SimulatedGraph graph;

  @BeforeEach
  void startGraph() {
    script = new SimulatorScript("APP_SECRET").page(100, "t100").page(200, "t200");
    graph = SimulatedGraph.start(0, script, InstantSource.system());
    Settings.Upstream settings =
        Settings.Upstream.at(URI.create("http://127.0.0.1:" + graph.port()))
            .kind(UpstreamKind.ID_MATCHING)
            .version("v26.0");
    upstream.stop();
    meters.clear();
    upstream =
        new GraphUpstream(
            Protocols.protocol(
                    settings.proof(ProofForm.TIMED),
                    Settings.App.SIGNING,
                    InstantSource.system(),
                    ticker,
                    meters)
                .orElseThrow(),
            settings,
            Settings.Breaker.NEVER,
            vertx,
            meters,
            ticker,
            guard.builder());
  }

  @AfterEach
  void stopGraph() {
    graph.close();
  }

  @Test
  void aFullBatch_isMatched() {
    Matched matched = matched(people(50));
    assertThat(matched.complete()).hasSize(50);
    assertThat(matched.matches()).hasSize(100);
    assertThat(matched.returned()).isEqualTo(100);
    assertThat(matched.stop()).isEmpty();
    assertThat(graph.witness().conversions()).isEqualTo(100);
  }

  @Test
  void pages_areFollowedToTheEnd() {
    script.change(
        s -> {
          s.rowsPerPage = 1;
          s.emptyPages = 2;
          s.duplicateRows = true;
          s.textCodes = true;
        });
    Map<Long, Further> further = new HashMap<>();
    Map<PageId, Long> found = new LinkedHashMap<>();
    int calls = 0;
    Matched matched;
    do {
      matched = (Matched) outcome(new Question(PageId.ANY, new long[] {7}, Map.copyOf(further)));
      for (Match match : matched.matches()) {
        found.put(match.page(), match.psid());
      }
      matched.further().forEach((asid, cursor) -> further.put(asid, Further.after(cursor)));
      calls++;
    } while (matched.complete().length == 0 && calls < 20);
    assertThat(found).hasSize(2);
    assertThat(calls).isBetween(4, 10);
  }

  @Test
  void faults_areOfTheirOperations() {
    script.fault(Fault.of(Kind.HANG).onOperationsFrom(2).times(1));
    assertThat(matched(people(5)).complete()).containsExactly(1, 2);
    script.fault(Fault.throttled().onOperationsFrom(3).times(1));
    Matched throttled = matched(people(5));
    assertThat(throttled.complete()).containsExactly(1, 2, 3);
    assertThat(throttled.stop().map(Refused::error)).contains(UpstreamError.THROTTLED_APP);
    script.fault(Fault.of(Kind.NO_SUCH_OBJECT).onOperationsFrom(4).times(1));
    Matched missing = matched(people(5));
    assertThat(missing.complete()).containsExactly(1, 2, 3, 4);
    assertThat(missing.missing()).containsExactly(5);
    script.fault(Fault.of(Kind.UNSUPPORTED_REQUEST).onOperationsFrom(4).times(1));
    assertThat(matched(people(5)).missing()).isEmpty();
    script.fault(Fault.of(Kind.EMPTY_BODY).onOperationsFrom(0).times(1));
    assertThat(matched(people(5)).complete()).isEmpty();
    script.fault(Fault.of(Kind.TRUNCATED_BODY).onOperationsFrom(1).times(1));
    assertThat(matched(people(5)).complete()).containsExactly(1);
    script.fault(Fault.of(Kind.BAD_GATEWAY).onOperationsFrom(1).times(1));
    assertThat(matched(people(5)).complete()).containsExactly(1);
  }

  @Test
  void faults_areOfTheCall() {
    script.fault(Fault.of(Kind.BATCH_REFUSED).times(1));
    assertThat(refusal().error()).isEqualTo(UpstreamError.TOO_MANY_IDS);
    script.fault(Fault.throttled().times(1));
    assertThat(refusal().error()).isEqualTo(UpstreamError.THROTTLED_APP);
    script.fault(Fault.of(Kind.SERVER_ERROR).times(1));
    assertThat(refusal().error()).isEqualTo(UpstreamError.TRANSIENT);
    for (Kind kind :
        new Kind[] {Kind.LOSE_REPLY, Kind.EMPTY_BODY, Kind.TRUNCATED_BODY, Kind.BAD_GATEWAY}) {
      script.fault(Fault.of(kind).times(1));
      assertThat(outcome(Question.of(PageId.ANY, people(5)))).isInstanceOf(Uncertain.class);
    }
    script.change(s -> s.appSecret = "another");
    assertThat(refusal().error()).isEqualTo(UpstreamError.APP_SECRET);
  }

  @Test
  void invalidIds_areMissing_andUnmappedOnesComplete() {
    script.change(
        s -> {
          s.invalidIds.add(2L);
          s.unmappedIds.add(3L);
        });
    Matched matched = matched(people(5));
    assertThat(matched.complete()).containsExactly(1, 3, 4, 5);
    assertThat(matched.missing()).containsExactly(2);
    assertThat(matched.matches()).extracting(Match::asid).doesNotContain(2L, 3L);
  }

  private Refused refusal() {
    return (Refused) outcome(Question.of(PageId.ANY, people(5)));
  }

  private Matched matched(long... asids) {
    return (Matched) outcome(Question.of(PageId.ANY, asids));
  }

  private static long[] people(int count) {
    return LongStream.rangeClosed(1, count).toArray();
  }

  private Outcome outcome(Question question) {
    return upstream
        .ask(question, "", ticker.nanos() + 20_000_000_000L, () -> Uni.createFrom().item(objection))
        .await()
        .atMost(Duration.ofSeconds(20));
  }
}
