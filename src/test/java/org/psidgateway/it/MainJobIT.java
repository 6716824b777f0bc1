package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.simulator.SimulatedGraph.Fault.Kind;
import org.psidgateway.simulator.SimulatorScript;
import org.psidgateway.simulator.Witness;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.Pod;

/** The main job on the packaged application: every fate, every shape of answer, every refusal. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MainJobIT {
  private static final Duration COOLDOWN = Duration.ofSeconds(2);

  private World world;
  private Pod pod;
  private Gateway gateway;
  private long nextId = 1_000;

  Backing.Database database() {
    return Backing.freshDatabase();
  }

  @BeforeAll
  void start() {
    world = new World(database());
    pod =
        world
            .pod()
            .with("gateway.uncertain.delay", "PT0.3S")
            .with("gateway.cooldown.initial", COOLDOWN.toString())
            .with("gateway.retry.initial-delay", "PT0.05S")
            .with("gateway.retry.budget", "1") // or the last of these faults wait for its minute
            .with("gateway.breaker.request-volume", "1000")
            .start();
    gateway = new Gateway(pod);
  }

  @AfterAll
  void stop() {
    try {
      assertNothingWasGivenAway();
    } finally {
      pod.close();
      world.close();
    }
  }

  @BeforeEach
  void reset() {
    world
        .script()
        .change(
            settings -> {
              settings.faults.clear();
              settings.invalidIds.clear();
              settings.unmappedIds.clear();
            });
  }

  private long[] freshIds(int count) {
    long[] ids = Gateway.ids(nextId, count);
    nextId += count;
    return ids;
  }

  @Test
  void everyFate_isInOnePlace_andAskedOnce() {
    long[] ids = freshIds(4);
    world
        .script()
        .change(
            s -> {
              s.invalidIds.add(ids[1]);
              s.unmappedIds.add(ids[2]);
            });
    String body =
        "{\"asids\":[\"%d\",\"%d\",\"%d\",\"%d\",\"%d\",\"77x\"]}"
            .formatted(ids[0], ids[1], ids[2], ids[3], ids[0]);

    Answer answer = gateway.resolveBody(PAGE, 10, body).join();

    assertThat(answer.mappings()).containsOnlyKeys(ids[0], ids[3]);
    World.assertTrue(PAGE, answer.mappings());
    assertThat(answer.unresolved())
        .isEqualTo(
            Map.of(
                Long.toString(ids[1]),
                "invalid/rejected_by_upstream",
                Long.toString(ids[2]),
                "unmapped/not_returned_by_upstream",
                "77x",
                "invalid/malformed"));
    assertThat(answer.body().path("summary").path("requested").asInt()).isEqualTo(6);
    assertThat(answer.body().path("summary").path("distinct").asInt()).isEqualTo(5);
    Answer again = gateway.resolve(PAGE, 10, ids);
    assertThat(again.mappings()).hasSize(2);
    assertThat(again.body().path("summary").path("from").path("upstream").asInt()).isZero();
    assertThat(world.witness().timesConverted(PAGE, ids[0])).isEqualTo(1);
  }

  static Stream<Arguments> shapes() {
    return Stream.<Map.Entry<String, Consumer<SimulatorScript.Settings>>>of(
            Map.entry("plain text", s -> s.psidStyle = SimulatorScript.PsidStyle.values()[1]),
            Map.entry("numbers", s -> s.psidNumbers = true),
            Map.entry("data wrapper", s -> s.dataWrapper = true),
            Map.entry("extra keys", s -> s.extraKeys = true))
        .map(shape -> Arguments.of(shape.getKey(), shape.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shapes")
  void answersOfEveryShape_areUnderstood(String name, Consumer<SimulatorScript.Settings> shape) {
    SimulatorScript.Settings before = world.script().settings();
    var style = before.psidStyle;
    world.script().change(shape::accept);
    try {
      Answer answer = gateway.resolve(PAGE, 10, freshIds(5));
      assertThat(answer.mappings()).as(name).hasSize(5);
      World.assertTrue(PAGE, answer.mappings());
    } finally {
      world
          .script()
          .change(
              s -> {
                s.psidStyle = style;
                s.psidNumbers = false;
                s.dataWrapper = false;
                s.extraKeys = false;
              });
    }
  }

  @Test
  void oneBadIdThatTheErrorNames_costsTheOthersNothing() {
    long[] ids = freshIds(200);
    world.script().change(s -> s.invalidIds.add(ids[77]));
    int calls = world.witness().calls().size();

    Answer answer = gateway.resolve(PAGE, 10, ids);

    assertThat(answer.mappings()).hasSize(199);
    assertThat(answer.unresolved())
        .isEqualTo(Map.of(Long.toString(ids[77]), "invalid/rejected_by_upstream"));
    assertThat(world.witness().calls()).hasSize(calls + 2);
  }

  @Test
  void oneBadIdThatTheErrorDoesNotName_isFoundByHalving_andNotStored() {
    long[] ids = freshIds(200);
    var style = world.script().settings().errorDataStyle;
    world
        .script()
        .change(
            s -> {
              s.invalidIds.add(ids[77]);
              s.errorDataStyle = SimulatorScript.ErrorDataStyle.ABSENT;
            });
    int calls = world.witness().calls().size();
    try {
      Answer answer = gateway.resolve(PAGE, 20, ids);

      assertThat(answer.mappings()).hasSize(199);
      assertThat(answer.unresolved())
          .isEqualTo(Map.of(Long.toString(ids[77]), "failed/refused_alone"));
      assertThat(world.witness().calls().size() - calls).isLessThanOrEqualTo(17);
    } finally {
      world
          .script()
          .change(
              s -> {
                s.errorDataStyle = style;
                s.invalidIds.clear();
              });
    }
    assertThat(gateway.resolve(PAGE, 10, ids[77]).mappings()).containsKey(ids[77]);
  }

  @ParameterizedTest
  @MethodSource("passingFaults")
  void faultsThatPass_neverBecomeNegatives_andEndInAnAnswer(Kind kind) {
    long[] ids = freshIds(3);
    world.script().fault(Fault.of(kind).times(1));

    Awaitility.await().until(() -> gateway.resolve(PAGE, 5, ids).mappings().size() == 3);

    for (long id : ids) {
      assertThat(world.witness().timesConverted(PAGE, id)).isBetween(1, 2);
    }
    world.assertAudit(gateway);
  }

  static Stream<Kind> passingFaults() {
    return Stream.of(
        Kind.RESET,
        Kind.LOSE_REPLY,
        Kind.EMPTY_BODY,
        Kind.TRUNCATED_BODY,
        Kind.BAD_GATEWAY,
        Kind.UNAVAILABLE,
        Kind.SERVER_ERROR,
        Kind.UNKNOWN_ERROR,
        Kind.UNKNOWN_1150,
        Kind.UNSUPPORTED_REQUEST);
  }

  @Test
  void throttle_holdsAllCallsBack_untilTheCooldownIsOver() {
    long[] ids = freshIds(3);
    world
        .script()
        .fault(
            Fault.error(403, Map.of("code", 4, "message", "(#4) Application request limit reached"))
                .times(1));

    int before = world.witness().calls().size();

    Awaitility.await()
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                Set.copyOf(gateway.resolve(PAGE, 0, ids).unresolved().values())
                    .equals(Set.of("pending/cooling_down")));
    assertThat(gateway.resolve(200, 0, freshIds(1)).unresolved()).hasSize(1);
    Awaitility.await().until(() -> gateway.resolve(PAGE, 5, ids).mappings().size() == 3);

    List<Witness.Call> calls = world.witness().calls();
    assertThat(calls.get(before).code()).isEqualTo(4);
    assertThat(calls.get(before + 1).arrivedNanos() - calls.get(before).arrivedNanos())
        .isGreaterThanOrEqualTo(COOLDOWN.toNanos());
  }

  @Test
  void wrongToken_pausesThePage_untilANewOneIsSet_andKnownIdsAreAnswered() {
    long known = freshIds(1)[0];
    assertThat(gateway.resolve(200, 10, known).mappings()).hasSize(1);
    assertThat(gateway.put("/v1/pages/200/token", "{\"access_token\":\"stale\"}").status())
        .isEqualTo(204);

    long unknown = freshIds(1)[0];
    assertThat(gateway.resolve(200, 10, known, unknown).unresolved())
        .containsEntry(Long.toString(unknown), "failed/token_invalid");
    assertThat(gateway.resolve(200, 10, known).mappings()).hasSize(1);
    assertThat(gateway.get("/v1/pages/200").body().path("paused").asBoolean()).isTrue();

    assertThat(gateway.put("/v1/pages/200/token", "{\"access_token\":\"token-of-200\"}").status())
        .isEqualTo(204);
    assertThat(gateway.resolve(200, 10, unknown).mappings()).hasSize(1);
  }

  @Test
  void singleAndReverseLookUps_agree() {
    long id = freshIds(1)[0];
    assertThat(gateway.get("/v1/pages/100/mappings/" + id).status()).isEqualTo(404);
    long psid = gateway.resolve(PAGE, 10, id).mappings().get(id);

    Answer single = gateway.get("/v1/pages/100/mappings/" + id);
    assertThat(single.body().path("psid").asText()).isEqualTo(Long.toString(psid));
    Answer reverse = gateway.get("/v1/pages/100/mappings?psid=" + psid);
    assertThat(reverse.body().path("items").get(0).path("asid").asText())
        .isEqualTo(Long.toString(id));
  }

  @Test
  void idsThatMayBePsids_answerThemselves_whenTheyAreKnownAsSuch() {
    long id = freshIds(1)[0];
    long psid = gateway.resolve(PAGE, 10, id).mappings().get(id);

    Answer answer =
        gateway
            .resolveBody(
                PAGE,
                0,
                "{\"asids\":[\"%d\"],\"mode\":\"known_only\",\"ids_may_be_psids\":true}"
                    .formatted(psid))
            .join();

    assertThat(answer.mappings()).isEqualTo(Map.of(psid, psid));
  }

  /** S1: whatever the tests of this class did, its traces name nobody and give away nothing. */
  private void assertNothingWasGivenAway() {
    String traces = pod.log() + gateway.metrics();
    for (String secret : new String[] {Pod.KEY, "token-of-100", "token-of-200", "app-secret"}) {
      assertThat(traces).doesNotContain(secret);
    }
    world.witness().calls().stream()
        .flatMapToLong(call -> Arrays.stream(call.returned()))
        .forEach(psid -> assertThat(traces).doesNotContain(Long.toString(psid)));
  }
}
