package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;

/** A Page that is deleted is deleted for all pods, now and after a restart. */
class PageRemovalIT {
  private static final Duration HEARD = Duration.ofSeconds(8);

  @Test
  void deletedPages_areGoneOrArchivedOnAllPods_andTheirSeedsDoNotBringThemBack() {
    try (World world = new World()) {
      try (Pod one = world.pod().start();
          Pod two = world.pod().start()) {
        Gateway here = new Gateway(one);
        Gateway there = new Gateway(two);
        assertThat(there.resolve(100, 10, 1).mappings()).containsOnlyKeys(1L);
        assertThat(there.get("/v1/pages/200").status()).isEqualTo(200);

        assertThat(here.delete("/v1/pages/100").body().path("type").asText())
            .isEqualTo("/problems/page-in-use");
        assertThat(here.delete("/v1/pages/100?keep_mappings=true").status()).isEqualTo(204);
        assertThat(here.delete("/v1/pages/200").status()).isEqualTo(204);

        Awaitility.await()
            .atMost(HEARD)
            .until(() -> there.get("/v1/pages/200").status() == 404 && archived(there));
        assertThat(there.resolve(200, 0, 1).status()).isEqualTo(404);
        assertArchived(here);
        assertArchived(there);
      }
      try (Pod again = world.pod().start()) {
        Gateway gateway = new Gateway(again);
        assertThat(gateway.get("/v1/pages/200").status()).isEqualTo(404);
        assertArchived(gateway);

        gateway.put("/v1/pages/100/token", "{\"access_token\":\"token-of-100\"}");
        assertThat(gateway.put("/v1/pages/200", "{}").status()).isEqualTo(201);
        gateway.put("/v1/pages/200/token", "{\"access_token\":\"token-of-200\"}");
        assertThat(gateway.resolve(100, 10, 2).mappings()).containsOnlyKeys(2L);
        assertThat(gateway.resolve(200, 10, 2).mappings()).containsOnlyKeys(2L);
        world.assertAudit(gateway);
      }
    }
  }

  private static boolean archived(Gateway gateway) {
    return gateway.get("/v1/pages/100").body().path("archived").asBoolean();
  }

  private static void assertArchived(Gateway gateway) {
    Gateway.Answer answer = gateway.resolve(100, 5, 1, 99);
    assertThat(answer.mappings()).containsOnlyKeys(1L);
    assertThat(answer.unresolved()).containsEntry("99", "failed/page_paused");
    assertThat(gateway.get("/v1/pages/100").body().at("/token/set").asBoolean()).isFalse();
  }
}
