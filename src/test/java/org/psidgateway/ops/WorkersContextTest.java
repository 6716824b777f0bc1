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

/** The log lines of a request's work name that request. */
@QuarkusTest
class WorkersContextTest {
  private static final String KEY = "requestId";

  private final Workers workers = new Workers(1);
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final Map<String, Object> whileWorking = new ConcurrentHashMap<>();
  private final Map<String, Object> afterwards = new ConcurrentHashMap<>();
  private final Vertx vertx;

  WorkersContextTest(Vertx vertx) {
    this.vertx = vertx;
  }

  @Test
  void workThatWaitedInLine_runsAsItsOwnRequest_notAsTheOneThatLeftThePlace() {
    for (int i = 0; i < 5; i++) {
      request("request-" + i).join();
      int waiting = i;
      await().until(() -> workers.waiting() == waiting);
    }
    hanging.countDown();

    await().until(() -> afterwards.size() == 5);
    assertThat(whileWorking).hasSize(5).allSatisfy((id, seen) -> assertThat(seen).isEqualTo(id));
    assertThat(afterwards).allSatisfy((id, seen) -> assertThat(seen).isEqualTo(id));
  }

  /** As HTTP begins one: on an event loop, in a context of its own. Done once it has asked. */
  private CompletableFuture<Void> request(String id) {
    Context context = VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext());
    CompletableFuture<Void> asked = new CompletableFuture<>();
    context.runOnContext(
        now -> {
          MDC.put(KEY, id);
          workers
              .call(System.nanoTime() + Duration.ofSeconds(20).toNanos(), () -> work(id))
              .subscribe()
              .with(done -> afterwards.put(id, String.valueOf(MDC.get(KEY))));
          asked.complete(null);
        });
    return asked;
  }

  private String work(String id) throws InterruptedException {
    hanging.await();
    whileWorking.put(id, String.valueOf(MDC.get(KEY)));
    return id;
  }
}
