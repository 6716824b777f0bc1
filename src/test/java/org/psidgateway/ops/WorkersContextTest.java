package org.psidgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jboss.logging.MDC;
import org.junit.jupiter.api.Test;

/** Log lines of work done for a request name that request. */
@QuarkusTest
class WorkersContextTest {
  private static final String KEY = "requestId";

  private final Workers workers = new Workers(1);
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final Map<String, Object> whileWorking = new ConcurrentHashMap<>();
  private final Map<String, Object> afterwards = new ConcurrentHashMap<>();
  private final Map<String, String> threads = new ConcurrentHashMap<>();
  private final Vertx vertx;

  WorkersContextTest(Vertx vertx) {
    this.vertx = vertx;
  }

  @Test
  void workThatWaitedInLine_runsAsItsOwnRequest_notAsTheOneThatLeftThePlace() {
    for (int i = 0; i < 5; i++) {
      request("request-" + i, Duration.ofSeconds(20)).join();
      int waiting = i;
      await().until(() -> workers.waiting() == waiting);
    }
    hanging.countDown();

    await().until(() -> afterwards.size() == 5);
    assertThat(whileWorking).hasSize(5).allSatisfy((id, seen) -> assertThat(seen).isEqualTo(id));
    assertThat(afterwards).allSatisfy((id, seen) -> assertThat(seen).isEqualTo(id));
  }

  @Test
  void deadlineThatIsMissed_isReportedOnTheEventLoopOfItsOwnRequest() {
    request("first", Duration.ofSeconds(20)).join();
    request("second", Duration.ofMillis(50)).join();

    await().until(() -> afterwards.containsKey("second"));
    assertThat(afterwards).containsEntry("second", "second");
    assertThat(threads.get("second")).contains("eventloop");
    hanging.countDown();
    await().until(() -> afterwards.containsKey("first"));
  }

  /** As HTTP begins one: on an event loop, in a context of its own. Done once it has asked. */
  private CompletableFuture<Void> request(String id, Duration patience) {
    Context context = VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext());
    CompletableFuture<Void> asked = new CompletableFuture<>();
    context.runOnContext(
        now -> {
          MDC.put(KEY, id);
          workers
              .call(System.nanoTime() + patience.toNanos(), () -> work(id))
              .subscribe()
              .with(done -> end(id), failure -> end(id));
          asked.complete(null);
        });
    return asked;
  }

  private void end(String id) {
    threads.put(id, Thread.currentThread().getName());
    afterwards.put(id, String.valueOf(MDC.get(KEY)));
  }

  private String work(String id) throws InterruptedException {
    hanging.await();
    whileWorking.put(id, String.valueOf(MDC.get(KEY)));
    return id;
  }
}
