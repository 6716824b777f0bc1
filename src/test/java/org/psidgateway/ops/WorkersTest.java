package org.psidgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkersTest {
  private static final int PLACES = 3;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Workers workers = new Workers(PLACES, threads);
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final AtomicInteger begun = new AtomicInteger();

  @AfterEach
  void stop() {
    hanging.countDown();
    threads.shutdownNow();
  }

  @Test
  void workThatHangs_takesItsPlacesAlone_andFailsAtTheDeadlineLikeAllBehindIt() {
    List<Future<?>> calls = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < 300; i++) {
      calls.add(workers.call(in(200), this::hang).subscribeAsCompletionStage());
    }
    assertThat(workers.waiting()).isEqualTo(300 - PLACES);
    for (Future<?> call : calls) {
      assertThatThrownBy(call::get).hasCauseInstanceOf(TimeoutException.class);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(ms(200), ms(1000));
    assertThat(begun).hasValue(PLACES);
    assertThat(workers.waiting()).isZero();

    hanging.countDown();
    assertThat(workers.call(in(5000), () -> "well").await().indefinitely()).isEqualTo("well");
    assertThat(begun).as("nobody waited for the rest any more").hasValue(PLACES);
  }

  @Test
  void placesThatAreFreeAgain_goToThoseThatWait_inTheirOrder() throws Exception {
    List<Future<?>> calls = new ArrayList<>();
    for (int i = 0; i < PLACES; i++) {
      calls.add(workers.call(in(5000), this::hang).subscribeAsCompletionStage());
    }
    List<Integer> order = new ArrayList<>();
    Workers one = new Workers(1, threads);
    calls.add(one.call(in(5000), this::hang).subscribeAsCompletionStage());
    for (int i = 0; i < 10; i++) {
      int number = i;
      calls.add(one.call(in(5000), () -> order.add(number)).subscribeAsCompletionStage());
    }
    hanging.countDown();
    for (Future<?> call : calls) {
      call.get();
    }
    assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void callerThatLeaves_waitsInLineNoLonger_andItsWorkIsNeverBegun() {
    for (int i = 0; i < PLACES; i++) {
      workers.call(in(5000), this::hang).subscribeAsCompletionStage();
    }
    await().until(() -> begun.get() == PLACES);
    for (int i = 0; i < 50; i++) {
      workers.call(in(5000), this::hang).subscribe().with(done -> {}).cancel();
    }
    assertThat(workers.waiting()).isZero();
    hanging.countDown();
    workers.call(in(5000), () -> 1).await().indefinitely();
    assertThat(begun).hasValue(PLACES);
  }

  @Test
  void workThatFails_tellsItsFailure_andLeavesItsPlace() {
    for (int i = 0; i < 3 * PLACES; i++) {
      assertThatThrownBy(
              () ->
                  workers
                      .call(
                          in(5000),
                          () -> {
                            throw new StackOverflowError("deep");
                          })
                      .await()
                      .indefinitely())
          .hasRootCauseMessage("deep");
    }
    assertThat(workers.call(in(5000), () -> 1).await().indefinitely()).isOne();
  }

  @Test
  void processThatEnds_failsAllThatWait() {
    Workers ending =
        new Workers(
            1,
            task -> {
              throw new RejectedExecutionException();
            });
    assertThatThrownBy(() -> ending.call(in(5000), () -> 1).await().indefinitely())
        .hasCauseInstanceOf(TimeoutException.class);
    assertThat(ending.waiting()).isZero();
  }

  private Object hang() throws InterruptedException {
    begun.incrementAndGet();
    hanging.await();
    return "late";
  }

  private static long in(long millis) {
    return System.nanoTime() + ms(millis).toNanos();
  }

  private static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }
}
