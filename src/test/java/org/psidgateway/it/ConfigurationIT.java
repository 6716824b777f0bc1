package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
    assertStopsFor(
        settings ->
            settings
                .with("gateway.retry.bugdet", "0.2")
                .with("gateway.pages.\"100\".pace-cals", "1")
                .withVariable("GATEWAY_RETRY_BUDGETT", "0.2")
                .withVariable("GATEWAY_PAGES__200__PACE_CALS", "1"),
        "gateway.retry.bugdet is not known: is it gateway.retry.budget?",
        "gateway.pages.\"100\".pace-cals is not known: is it gateway.pages.\"<name>\".pace-calls?",
        "GATEWAY_RETRY_BUDGETT is not known: is it GATEWAY_RETRY_BUDGET?",
        "GATEWAY_PAGES__200__PACE_CALS is not known: is it GATEWAY_PAGES__<name>__PACE_CALLS?");
  }

  /** As a file of variables in which some were forgotten. */
  @Test
  void everythingThatIsMissing_isNamedAtOnce() {
    assertStopsFor(
        settings ->
            settings
                .without("gateway.app.id")
                .without("gateway.app.secret")
                .without("gateway.secrets.key")
                .without("quarkus.datasource.jdbc.url")
                .without("gateway.callers.tests.key-sha256")
                .without("gateway.callers.tests.roles")
                .withVariable("GATEWAY_CALLERS__CRM__ROLES", "convert,read")
                .withVariable("GATEWAY_CALLERS__ETL__KEY_SHA256", "ab".repeat(32)),
        "gateway.app.id is required: ",
        "gateway.app.secret is required: ",
        "gateway.secrets.key is required: ",
        "quarkus.datasource.jdbc.url is required: jdbc:postgresql://",
        "gateway.callers.\"crm\".key-sha256 is required: ",
        "gateway.callers.\"etl\".roles is required: some of read, convert, ");
  }

  /** Every kind of fault, in every room. Nothing else is reported: each line is one of these. */
  @Test
  void everythingThatIsWrong_isNamedAtOnce_withItsValue_butNoSecret() {
    assertStopsFor(
        settings ->
            settings
                .with("gateway.app.secret", " \n")
                .with("gateway.secrets.key", "a-key-of-mine")
                .with("gateway.callers.crm.key-sha256", "the-key-itself")
                .with("gateway.callers.crm.roles", "raed")
                .with("gateway.callers.tests.ids-per-minute", "0")
                .with("gateway.retry.max-attempts", "0")
                .with("gateway.retry.initial-delay", "PT20S")
                .with("gateway.batch.max-queued", "0")
                .with("gateway.batch.linger", "soon")
                .with("gateway.uncertain.delay", "PT0S")
                .with("gateway.negative.recheck-after", "PT0S")
                .with("gateway.cooldown.max", "P2D")
                .with("gateway.upstream.kind", "id-machting")
                .with("gateway.upstream.base-url", "graph.facebook.com?the-key-itself")
                .with("gateway.upstream.version", "v7.0")
                .with("gateway.upstream.timeout", "-PT1S")
                .with("gateway.upstream.batch-size", "-200")
                .with("gateway.upstream.concurrency", "0")
                .with("gateway.pages.\"100\".fans", "9223372036854775807")
                .with("gateway.pages.\"100\".pace-calls", "many")
                .with("gateway.pages.\"100\".pace-per", "PT1H")
                .with("gateway.pages.\"007\".name", "no id")
                .with("gateway.pace.cals", "1")
                .with("gateway.pace.calls", "-1")
                .with("gateway.quota.ceiling", "-5000000")
                .with("gateway.quota.fan-share", "-0.01")
                .with("gateway.quota.reserve-floor", "5%")
                .with("gateway.window.approved-on", "2026-05-01")
                .with("gateway.window.closed-on", "2026-04-30")
                .with("gateway.window.length", "180")
                .with("gateway.cache.redis.enabled", "true")
                .with("quarkus.redis.hosts", "localhost:6379")
                .with("gateway.store.replica.jdbc-url", "postgresql://host/the-key-itself")
                .with("gateway.start.wait", "-PT1S")
                .with("gateway.resolve.max-ids", "0")
                .with("quarkus.http.limits.max-connections", "some")
                .with("quarkus.http.port", "99999")
                .with("quarkus.management.port", "-1")
                .with("quarkus.log.level", "LOUD")
                .with("quarkus.log.category.\"org.example\".level", "QUIET")
                .with("gateway.upstream.proxy", "ftp://proxy:3128")
                .withDatabase("jdbc:postgresql://host:54x/db?password=the-key-itself"),
        "quarkus.datasource.jdbc.url must be like jdbc:postgresql://",
        "gateway.app.secret is required",
        "gateway.secrets.key must be",
        "gateway.callers.\"crm\".key-sha256 must hold",
        "gateway.callers.crm.roles is \"raed\": must be some of read, ",
        "gateway.callers.\"tests\".ids-per-minute is 0: must be 1 or more",
        "gateway.retry.max-attempts is 0: must be 1 to 100",
        "gateway.retry.max-delay is PT10S: must be gateway.retry.initial-delay (PT20S) or more",
        "gateway.batch.max-queued is 0: must be ",
        "gateway.batch.linger is \"soon\": must be a duration such as ",
        "gateway.uncertain.delay is PT0S: must be ",
        "gateway.negative.recheck-after is PT0S: must be ",
        "gateway.cooldown.max is PT48H: must be ",
        "gateway.upstream.kind is \"id-machting\": must be one of pages-id-mapping, ",
        "gateway.upstream.base-url is no address: must be like https://host",
        "gateway.upstream.version is v7.0: must be like v6.0",
        "gateway.upstream.timeout is PT-1S: must be ",
        "gateway.upstream.batch-size is -200: must be 1 to ",
        "gateway.upstream.concurrency is 0: must be ",
        "gateway.pages.\"100\".fans is 9223372036854775807: must be ",
        "gateway.pages.\"100\".pace-calls is \"many\": must be a whole number",
        "gateway.pages.\"007\" is not a valid Page id",
        "gateway.pace.cals is not known: is it gateway.pace.calls?",
        "gateway.pace.calls is -1: must be 0 to ",
        "gateway.quota.ceiling is -5000000: must be 0 to ",
        "gateway.quota.fan-share is -0.01: must be 0 to 1",
        "gateway.quota.reserve-floor is \"5%\": must be a number such as ",
        "gateway.window.closed-on is 2026-04-30: must not be before gateway.window.approved-on",
        "gateway.window.length is \"180\": must be a number of days such as P180D",
        "gateway.upstream.proxy is no address: must be like http://host:port",
        "quarkus.redis.hosts is \"localhost:6379\": must be like redis://host:6379",
        "gateway.store.replica.jdbc-url must be like jdbc:postgresql://",
        "gateway.start.wait is PT-1S: must be ",
        "gateway.resolve.max-ids is 0: must be ",
        "quarkus.http.limits.max-connections is \"some\": must be a whole number",
        "quarkus.http.port is 99999: must be 0 to 65535",
        "quarkus.management.port is -1: must be 0 to 65535",
        "quarkus.log.level is \"LOUD\": must be a level such as ",
        "quarkus.log.category.\"org.example\".level is \"QUIET\": must be a level such as ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "test", "prod,dev"})
  void profileWithPublishedKeys_stopsTheStart(String profile) {
    assertThat(
            StartLog.ofFailure(
                    settings(
                        given ->
                            given
                                .with("quarkus.profile", profile)
                                .with("quarkus.log.console.json.enabled", "true")))
                .messages("ERROR"))
        .anyMatch(
            fault ->
                fault.startsWith(
                    "gateway.callers.\"dev\".key-sha256 is the digest of \"dev\", a published key"));
  }

  private static void assertStopsFor(UnaryOperator<Pod.Settings> mistakes, String... faults) {
    StartLog log = StartLog.ofFailure(settings(mistakes));
    assertThat(log.messages("ERROR").get(0))
        .isEqualTo("The gateway does not start with this configuration:");
    List<String> found = log.messages("ERROR").stream().skip(1).toList();
    for (String fault : faults) {
      assertThat(found).filteredOn(line -> line.startsWith(fault)).as(fault).hasSize(1);
    }
    assertThat(found)
        .hasSameSizeAs(faults)
        .noneMatch(line -> line.contains("the-key-itself") || line.contains("a-key-of-mine"));
    assertThat(log.messages("WARN")).isEmpty();
  }

  private static Pod.Settings settings(UnaryOperator<Pod.Settings> mistakes) {
    try (World world = new World()) {
      return mistakes.apply(world.pod());
    }
  }
}
