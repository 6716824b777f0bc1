package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;

/** The meters that alerts look at say what has happened. */
class MetersIT {

  @Test
  void meters_showWhatWasSpared_whatWasDecided_andWhetherPostgresIsThere() throws Exception {
    try (World world = new World()) {
      try (FaultyProxy postgres = new FaultyProxy(world.database.port());
          Pod pod =
              world
                  .pod()
                  .withDatabase(world.database.through(postgres).jdbcUrl())
                  .with("quarkus.shutdown.delay", "PT4S")
                  .start()) {
        Gateway gateway = new Gateway(pod);
        world.script().fault(Fault.slow(1500));
        List<CompletableFuture<Gateway.Answer>> callers =
            Stream.generate(() -> gateway.resolveAsync(PAGE, 20, 1, 2)).limit(3).toList();
        callers.forEach(CompletableFuture::join);
        gateway.resolve(PAGE, 5, 1, 2);
        gateway.get("/v1/pages/100/mappings/1");
        gateway.put("/v1/pages/200", "{\"paused\":true}");
        gateway.resolve(200, 5, 1);

        assertThat(gateway.metrics())
            .contains("gateway_batch_joined_ids_total 4.0")
            // Again, if a grant was over before a cold pod had sent its call.
            .containsPattern("decision=\"granted\",reason=\"none\"\\} [1-9]\\.0")
            .contains("decision=\"refused\",reason=\"page_paused\"} 1.0")
            .contains("gateway_lookup_duration_seconds_count{kind=\"list\"} 1")
            .contains("gateway_lookup_duration_seconds_count{kind=\"single\"} 1")
            .containsPattern("gateway_ledger_duration_seconds_count\\{work=\"settle\"\\} [1-9]\\.0")
            .contains("gateway_batch_unsettled_calls 0.0")
            .contains("gateway_draining 0.0");
        awaitMeter(gateway, "gateway_postgres_reachable 1.0");
        awaitMeter(gateway, "gateway_ledger_sweeper 1.0");

        postgres.close();
        awaitMeter(gateway, "gateway_postgres_reachable 0.0");
        pod.terminate();
        awaitMeter(gateway, "gateway_draining 1.0");
      }
    }
  }

  @Test
  void everySeries_isThereFromTheStart_whateverIsAsked_andTheUpstreamAnswers() {
    try (World world = new World();
        Pod pod =
            world
                .pod()
                .with("gateway.upstream.timeout", "PT1S")
                .with("gateway.breaker.request-volume", "1")
                .with("gateway.cooldown.initial", "PT0.2S")
                .with("gateway.retry.initial-delay", "PT0.05S")
                .start()) {
      Gateway gateway = new Gateway(pod);
      // The figures of the ledger are there once it has been read.
      awaitMeter(gateway, "gateway_ledger_sweeper 1.0");
      awaitMeter(gateway, "gateway_quota_conversions{state=\"limit\"}");
      Set<String> before = series(gateway);
      world.script().change(script -> script.unmappedIds.add(404L));
      world.script().change(script -> script.invalidIds.add(500L));

      assertThat(gateway.resolve(PAGE, 10, 1, 404, 500).unresolved()).hasSize(2);
      gateway.resolveBody(PAGE, 0, "{\"asids\":[\"77x\"]}").join();
      gateway.get("/v1/pages/100/mappings/1");
      gateway.get("/v1/pages/100/mappings/77x");
      world.script().fault(error(4).times(1));
      assertThat(gateway.resolve(PAGE, 10, 2).mappings()).hasSize(1);
      world.script().fault(error(190).times(1));
      gateway.resolve(200, 5, 3);
      world.script().fault(Fault.of(Fault.Kind.HANG));
      gateway.resolve(PAGE, 5, 4, 5);
      awaitMeter(gateway, "gateway_upstream_breaker_state 2.0");

      assertThat(gateway.metrics())
          .contains("gateway_upstream_calls_total{outcome=\"throttled_app\"} 1.0")
          .contains("gateway_upstream_calls_total{outcome=\"token\"} 1.0")
          .containsPattern("gateway_upstream_timeouts_total\\{phase=\"call\"\\} [1-9]");
      assertThat(series(gateway)).isEqualTo(before);
    }
  }

  private static Fault error(int code) {
    return Fault.error(400, Map.of("code", code, "message", "no", "type", "OAuthException"));
  }

  /** Name and labels of each. */
  private static Set<String> series(Gateway gateway) {
    return gateway
        .metrics()
        .lines()
        .filter(line -> line.startsWith("gateway_"))
        .map(line -> line.replaceFirst("(\\{[^}]*})? .*", "$1"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void awaitMeter(Gateway gateway, String line) {
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> gateway.metrics().contains(line));
  }
}
