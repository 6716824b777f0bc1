package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;

/**
 * Prefixes that two packages share, each for its own keys, in the application as operators start
 * it.
 */
class ConfigurationIT {

  @Test
  void keysOfASharedPrefix_areActedOn_fromPropertiesAndVariables() {
    try (World world = new World();
        Pod pod =
            world
                .pod()
                .with("gateway.retry.budget", "0.2")
                .with("gateway.retry.max-attempts", "3")
                .with("gateway.pages.\"100\".pace-calls", "1")
                .with("gateway.pages.\"100\".pace-per", "PT1H")
                .withVariable("GATEWAY_RETRY_INITIAL_DELAY", "PT0.1S")
                .withVariable("GATEWAY_PAGES__200__PACE_CALLS", "1")
                .withVariable("GATEWAY_PAGES__200__PACE_PER", "PT1H")
                .withVariable("GATEWAY_PAGES__300__TOKEN", "token-of-300")
                .start()) {
      Gateway gateway = new Gateway(pod);

      assertThat(gateway.get("/v1/pages/300").body().at("/token/set").asBoolean()).isTrue();
      for (long page : new long[] {100, 200}) {
        assertPaceIsOneAnHour(world, gateway, page);
      }
    }
  }

  @Test
  void variables_mayStandInForAllOfThem() {
    try (World world = new World();
        Pod pod =
            world
                .pod()
                .withVariable("GATEWAY_RETRY_BUDGET", "0.2")
                .withVariable("GATEWAY_PAGES__100__PACE_CALLS", "1")
                .withVariable("GATEWAY_PAGES__100__PACE_PER", "PT1H")
                .start()) {
      assertPaceIsOneAnHour(world, new Gateway(pod), World.PAGE);
    }
  }

  private static void assertPaceIsOneAnHour(World world, Gateway gateway, long page) {
    assertThat(gateway.resolve(page, 10, 1).mappings()).hasSize(1);
    assertThat(gateway.resolve(page, 2, 2).unresolved()).containsEntry("2", "pending/queued");
    assertThat(world.witness().calls()).filteredOn(call -> call.page() == page).hasSize(1);
  }

  @Test
  void misspeltKeysOfASharedPrefix_stopTheStart_andAreNamed() {
    assertStopsAndNames(
        settings ->
            settings
                .with("gateway.retry.bugdet", "0.2")
                .with("gateway.pages.\"100\".pace-cals", "1")
                .withVariable("GATEWAY_RETRY_BUDGETT", "0.2")
                .withVariable("GATEWAY_PAGES__200__PACE_CALS", "1"),
        "gateway.retry.bugdet is not known",
        "gateway.pages.\"100\".pace-cals is not known",
        "GATEWAY_RETRY_BUDGETT is not known",
        "GATEWAY_PAGES__200__PACE_CALS is not known");
  }

  @Test
  void everything_isNamedAtOnce_withItsValue_butNoSecret() {
    assertStopsAndNames(
        settings ->
            settings
                .with("gateway.app.secret", " \n")
                .with("gateway.secrets.key", "a-key-of-mine")
                .with("gateway.callers.crm.key-sha256", "the-key-itself")
                .with("gateway.callers.crm.roles", "read")
                .with("gateway.retry.max-attempts", "0")
                .with("gateway.batch.max-queued", "0")
                .with("gateway.uncertain.delay", "PT0S")
                .with("gateway.negative.recheck-after", "PT0S")
                .with("gateway.cooldown.max", "P2D")
                .with("gateway.upstream.timeout", "PT5M")
                .with("gateway.upstream.concurrency", "0")
                .with("gateway.pages.\"100\".fans", "9223372036854775807")
                .with("gateway.pace.cals", "1")
                .with("gateway.resolve.max-ids", "0")
                .without("quarkus.datasource.jdbc.url"),
        "quarkus.datasource.jdbc.url is required",
        "gateway.app.secret is required",
        "gateway.secrets.key must be",
        "gateway.callers.\"crm\".key-sha256 must hold",
        "gateway.retry.max-attempts is 0: must be 1 to 100",
        "gateway.batch.max-queued is 0",
        "gateway.uncertain.delay is PT0S",
        "gateway.negative.recheck-after is PT0S",
        "gateway.cooldown.max is PT48H",
        "gateway.upstream.timeout is PT5M",
        "gateway.upstream.concurrency is 0",
        "gateway.pages.\"100\".fans is 9223372036854775807",
        "gateway.pace.cals is not known",
        "gateway.resolve.max-ids is 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "test", "prod,dev"})
  void profileWithPublishedKeys_stopsTheStart(String profile) {
    assertStopsAndNames(
        settings -> settings.with("quarkus.profile", profile),
        "gateway.callers.\"dev\".key-sha256 is the digest of \"dev\", a published key");
  }

  private static void assertStopsAndNames(UnaryOperator<Pod.Settings> mistakes, String... names) {
    try (World world = new World()) {
      Pod.Settings settings = mistakes.apply(world.pod());
      assertThatThrownBy(settings::start)
          .satisfies(
              failure ->
                  assertThat(failure.getMessage())
                      .contains(names)
                      .contains("exit code 1")
                      .doesNotContain("\tat ", "the-key-itself", "a-key-of-mine"));
    }
  }
}
