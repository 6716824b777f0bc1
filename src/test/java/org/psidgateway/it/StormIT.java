package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.Pod;

class StormIT {

  @Test
  void aThousandSingleIds_atTwoCallsASecond_shareAHandfulOfCalls() {
    try (World world = new World();
        Pod pod =
            world.pod().with("gateway.pace.calls", "2").with("gateway.pace.per", "PT1S").start()) {
      Gateway gateway = new Gateway(pod);
      List<CompletableFuture<Answer>> callers =
          LongStream.rangeClosed(1, 1000)
              .mapToObj(id -> gateway.resolveAsync(PAGE, 30, id))
              .toList();

      callers.forEach(caller -> assertThat(caller.join().mappings()).hasSize(1));

      assertThat(world.witness().conversions()).isEqualTo(1000);
      assertThat(world.witness().maxTimesConverted()).isEqualTo(1);
      // Five full calls hold a thousand ids; some leave before the storm is in.
      assertThat(world.witness().calls()).hasSizeBetween(5, 15);
      System.getLogger("storm")
          .log(System.Logger.Level.INFO, "calls: " + world.witness().calls().size());
      world.assertAudit(gateway);
    }
  }
}
