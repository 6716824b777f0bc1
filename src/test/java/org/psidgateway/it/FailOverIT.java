package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Backing.Database;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.Pod;
import org.psidgateway.testing.ReplicatedPostgres;

/** A standby takes over while the former primary goes on answering, read-only. */
class FailOverIT {

  @Test
  void newIdsAreAskedAgain_withinTenSeconds_thoughTheFormerPrimaryKeepsItsConnections() {
    try (World world = new World();
        ReplicatedPostgres postgres = ReplicatedPostgres.own()) {
      AtomicInteger target = new AtomicInteger(postgres.primaryPort());
      try (FaultyProxy address = new FaultyProxy(target::get);
          Pod pod =
              new Pod.Settings(at(address, postgres), world.upstream.baseUrl())
                  .with("gateway.cache.l1.max-entries", "0")
                  .start()) {
        Gateway gateway = new Gateway(pod);
        fillThePool(gateway);

        postgres.handOver();
        postgres.makePrimaryReadOnly();
        target.set(postgres.replicaPort());

        AtomicInteger id = new AtomicInteger(50_000);
        Awaitility.await()
            .atMost(Duration.ofSeconds(10))
            .pollInterval(Duration.ofSeconds(1))
            .until(() -> gateway.resolve(PAGE, 1, id.incrementAndGet()).mappings().size() == 1);
        assertThat(gateway.put("/v1/pages/100", "{\"name\":\"after\"}").status()).isEqualTo(200);
        assertThat(gateway.resolve(PAGE, 0, 1, 2, 3).mappings()).as("from before").hasSize(3);
        long[] all = IntStream.rangeClosed(50_001, id.get()).asLongStream().toArray();
        assertThat(gateway.resolve(PAGE, 10, all).mappings()).hasSize(all.length);
        for (long asid : all) {
          assertThat(world.witness().timesConverted(PAGE, asid)).isEqualTo(1);
        }
        world.assertAudit(gateway);
      }
    }
  }

  /** With connections that are used at the same time, and so are open at the same time. */
  private static void fillThePool(Gateway gateway) {
    assertThat(gateway.resolve(PAGE, 20, 1, 2, 3).mappings()).hasSize(3);
    List<CompletableFuture<Answer>> load =
        IntStream.range(0, 200).mapToObj(i -> gateway.resolveAsync(PAGE, 2, 1, 2, 3)).toList();
    assertThat(load).allSatisfy(call -> assertThat(call.join().mappings()).hasSize(3));
  }

  private static Database at(FaultyProxy address, ReplicatedPostgres postgres) {
    Database direct = postgres.database();
    String url = direct.jdbcUrl().replace(":" + postgres.primaryPort(), ":" + address.port());
    return new Database(url, direct.user(), direct.password());
  }
}
