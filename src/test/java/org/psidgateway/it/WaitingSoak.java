package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.Pod;

class WaitingSoak {
  private static final int CALLERS = 10_000;

  @Test
  void tenThousandRequests_waitAtOnce_withoutAThreadEach() throws IOException {
    try (World world = new World();
        Pod pod = world.pod().with("gateway.pace.calls", "1").start()) {
      Gateway gateway = new Gateway(pod).overHttp1();
      assertThat(gateway.resolve(PAGE, 10, 1).mappings()).hasSize(1); // and the pace is used up

      List<CompletableFuture<Answer>> callers =
          LongStream.range(1_000, 1_000 + CALLERS)
              .mapToObj(id -> gateway.resolveAsync(PAGE, 30, id))
              .toList();
      Awaitility.await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> gateway.metrics().contains("gateway_batch_queued_ids 10000.0"));

      assertThat(threads(pod)).isLessThan(300);
      assertThat(gateway.resolve(PAGE, 0, 1).mappings()).hasSize(1); // known ids don't queue behind
      for (CompletableFuture<Answer> caller : callers) {
        assertThat(caller.join().unresolved().values()).containsExactly("pending/queued");
      }
      assertThat(world.witness().calls()).hasSize(1);
    }
  }

  private static int threads(Pod pod) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pod.pid()), "status")).stream()
        .filter(line -> line.startsWith("Threads:"))
        .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
