package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;

/** The meters that alerts look at tell what has happened. */
class MetersIT {

  @Test
  void meters_tellWhatWasSpared_whatWasDecided_andWhetherPostgresIsThere() throws Exception {
    try (World world = new World()) {
      String url = world.database.jdbcUrl();
      int port = Integer.parseInt(url.replaceAll(".*:(\\d+)/.*", "$1"));
      try (FaultyProxy postgres = new FaultyProxy(port);
          Pod pod =
              world
                  .pod()
                  .withDatabase(url.replace(":" + port + "/", ":" + postgres.port() + "/"))
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
            // Again, where a grant was over before a cold pod had sent its call.
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

  private static void awaitMeter(Gateway gateway, String line) {
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> gateway.metrics().contains(line));
  }
}
