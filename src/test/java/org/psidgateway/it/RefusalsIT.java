package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.simulator.SimulatorScript.ErrorDataStyle;
import org.psidgateway.simulator.SimulatorScript.Mode;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.Pod;

/** Refusals that say less than they seem to, or speak of something other than ids. */
class RefusalsIT {
  private static final long PAGE = 100;
  private static final long OTHER = 200;

  private final World world = new World();
  private Pod pod;
  private Gateway gateway;

  @BeforeEach
  void start() {
    // Four calls per hour may be spent on bad ids: what an id costs shows.
    pod = world.pod().with("gateway.pace.calls", "80").with("gateway.pace.burst", "80").start();
    gateway = new Gateway(pod);
  }

  @AfterEach
  void stop() {
    pod.close();
    world.close();
  }

  @Test
  void throttleWhoseHeadersPointAtOnePage_holdsItBack_asLongAsSaid_andNoOther() {
    String business =
        "{\"100\":[{\"type\":\"pages\",\"call_count\":107,\"total_cputime\":1,\"total_time\":125,"
            + "\"estimated_time_to_regain_access\":12}]}";
    world
        .script()
        .fault(
            Fault.error(400, Map.of("code", 613, "message", "Calls exceeded the rate limit."))
                .onPage(PAGE)
                .headers(
                    Map.of(
                        "X-App-Usage",
                        "{\"call_count\":0,\"total_time\":0,\"total_cputime\":0}",
                        "X-Business-Use-Case-Usage",
                        business)));
    gateway.resolve(PAGE, 1, 11);

    Answer held = gateway.resolve(PAGE, 1, 11);
    assertThat(held.unresolved()).isEqualTo(Map.of("11", "pending/cooling_down"));
    assertThat(held.body().at("/unresolved/0/retry_after_seconds").asInt())
        .isBetween(700, 12 * 66 + 1);
    assertThat(gateway.resolve(OTHER, 10, 11).mappings()).containsKey(11L);
    assertThat(world.witness().timesAsked(PAGE, 11)).isEqualTo(1);
  }

  @Test
  void rejectedProof_isTheAppsTrouble_pausesNoPage_andIsOverOnceTheSecretIsRight() {
    assertThat(gateway.resolve(PAGE, 10, 1).mappings()).containsKey(1L);
    int calls = world.witness().calls().size();
    world.script().change(s -> s.appSecret = "another-secret");

    for (long id = 11; id < 16; id++) {
      for (long page : new long[] {PAGE, OTHER}) {
        assertThat(gateway.resolve(page, 10, id).unresolved())
            .isEqualTo(Map.of(Long.toString(id), "failed/app_secret_rejected"));
      }
    }
    assertThat(world.witness().calls()).hasSize(calls + 1);
    assertThat(gateway.resolve(PAGE, 0, 1).mappings()).containsKey(1L);
    for (long page : new long[] {PAGE, OTHER}) {
      assertThat(gateway.get("/v1/pages/" + page).body().path("paused").asBoolean()).isFalse();
    }
    assertThat(pod.log()).containsOnlyOnce("gateway.app.secret").doesNotContain("app-secret");

    world.script().change(s -> s.appSecret = "app-secret");
    gateway.put("/v1/pages/100", "{\"paused\":false}"); // rather than wait for a minute
    assertThat(gateway.resolve(OTHER, 10, 11).mappings()).containsKey(11L);
    assertThat(gateway.resolve(PAGE, 10, 11, 12).mappings()).containsOnlyKeys(11L, 12L);
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"RETIRED_PATH", "RETIRED_ALIAS", "RETIRED_OBJECT", "RETIRED_VERSION"})
  void errorThatMissesOurOwnPath_blamesNoId_andClosesAfterThreeCalls(Mode mode) {
    world.script().change(s -> s.mode = mode);
    Set<String> reasons =
        Set.copyOf(gateway.resolve(PAGE, 10, Gateway.ids(1000, 200)).unresolved().values());
    assertThat(reasons).containsExactly("failed/window_closed");
    gateway.resolve(OTHER, 10, 1);
    gateway.resolve(PAGE, 10, 2);
    assertThat(gateway.resolve(PAGE, 10, 3).unresolved().values())
        .containsExactly("failed/window_closed");

    assertThat(world.witness().calls()).hasSize(3);
    assertThat(gateway.get("/v1/window").body().path("window_suspected_closed").asBoolean())
        .isTrue();
    assertThat(pod.log()).containsOnlyOnce("gateway.upstream.version"); // what to look at, once
  }

  @Test
  void errorThatEchoesTheList_writesNoNegative() {
    world
        .script()
        .change(
            s -> {
              s.invalidIds.add(1003L);
              s.errorDataStyle = ErrorDataStyle.ECHO;
            });

    Answer answer = gateway.resolve(PAGE, 10, Gateway.ids(1000, 4));

    assertThat(answer.mappings()).hasSize(3);
    assertThat(answer.unresolved()).isEqualTo(Map.of("1003", "failed/refused_alone"));
  }

  @Test
  void idThatWasRefusedAlone_travelsAlone_andItsNeighboursNeverWaitForItAgain() {
    world
        .script()
        .change(
            s -> {
              s.invalidIds.add(1000L);
              s.errorDataStyle = ErrorDataStyle.ABSENT;
            });
    assertThat(gateway.resolve(PAGE, 10, 1000).unresolved())
        .isEqualTo(Map.of("1000", "failed/refused_alone"));

    for (int list = 1; list <= 6; list++) { // more than may be spent on bad ids in an hour
      int calls = world.witness().calls().size();
      long[] neighbours = Gateway.ids(1000L + 200 * list, 199);
      Answer answer = gateway.resolve(PAGE, 5, Gateway.concat(new long[] {1000}, neighbours));
      assertThat(answer.mappings()).as("list %d", list).hasSize(199);
      assertThat(world.witness().calls().size() - calls).isLessThanOrEqualTo(2);
    }
    assertThat(world.witness().timesAsked(PAGE, 1000)).isBetween(2, 5);
    String waiting = gateway.resolve(PAGE, 0, 1000).unresolved().get("1000");
    assertThat(waiting).isEqualTo("pending/queued");
    assertThat(gateway.get("/v1/quota/entries?limit=1000").body().path("items"))
        .allMatch(call -> call.path("outcome").asText().matches("answered|ids_unlisted|late"));
  }
}
