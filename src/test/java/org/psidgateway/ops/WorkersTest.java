package org.psidgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.psidgateway.model.PageId;
import org.psidgateway.store.MappingStore;
import org.psidgateway.store.Stores;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.LogLines;
import org.psidgateway.time.Ticker;

class WorkersTest {
  private static final int PLACES = 3;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Workers workers = new Workers(PLACES, null, threads, Ticker.system());
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

  /** As many misses as a busy pod has, on a PostgreSQL that accepts connections and is silent. */
  @Test
  void blackHole_makesNobodyLate_atThreeHundredLookUpsASecond() throws Exception {
    PGSimpleDataSource linked = new PGSimpleDataSource();
    Backing.Database database = Backing.freshDatabase();
    linked.setUrl(database.jdbcUrl());
    linked.setUser(database.user());
    linked.setPassword(database.password());
    try (FaultyProxy link = new FaultyProxy(linked.getPortNumbers()[0])) {
      linked.setPortNumbers(new int[] {link.port()});
      linked.setSocketTimeout(7);
      MappingStore store = Stores.on(linked);
      PageId page = new PageId(100);
      assertThat(Stores.lookUp(store, page, 1).size()).isZero();
      link.swallow();

      Collection<Long> late = new ConcurrentLinkedQueue<>();
      List<Future<?>> calls = new ArrayList<>();
      long start = System.nanoTime();
      for (int i = 0; i < 900; i++) {
        long due = start + i * Duration.ofSeconds(1).toNanos() / 300;
        await().pollDelay(Duration.ZERO).pollInterval(ms(1)).until(() -> System.nanoTime() >= due);
        long deadline = in(500);
        calls.add(
            workers
                .call(deadline, () -> Stores.lookUp(store, page, 2))
                .onTermination()
                .invoke(() -> late.add(System.nanoTime() - deadline))
                .subscribeAsCompletionStage());
      }
      for (Future<?> call : calls) {
        assertThatThrownBy(call::get).hasCauseInstanceOf(TimeoutException.class);
      }
      assertThat(late.stream().sorted().toList().get(890)).isLessThan(ms(150).toNanos());
      assertThat(workers.waiting()).isZero();
    }
  }

  @Test
  void placesThatAreFreeAgain_goToThoseThatWait_inTheirOrder() throws Exception {
    List<Future<?>> calls = new ArrayList<>();
    for (int i = 0; i < PLACES; i++) {
      calls.add(workers.call(in(5000), this::hang).subscribeAsCompletionStage());
    }
    List<Integer> order = new ArrayList<>();
    Workers one = new Workers(1, null, threads, Ticker.system());
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
  void workThatFails_reportsItsFailure_andLeavesItsPlace() {
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
            null,
            task -> {
              throw new RejectedExecutionException();
            },
            Ticker.system());
    assertThatThrownBy(() -> ending.call(in(5000), () -> 1).await().indefinitely())
        .hasCauseInstanceOf(TimeoutException.class);
    assertThat(ending.waiting()).isZero();
  }

  /** Whatever the work says in the end: by then nobody waits for it. */
  @Test
  void deadlinesThatAreMissed_areLoggedWhenThatBegins_andWhenItIsOver() {
    AtomicLong now = new AtomicLong();
    OutageLog late =
        new OutageLog(WorkersTest.class, "too late", "in time", Duration.ofSeconds(5), now::get);
    Workers slow = new Workers(PLACES, late, threads, Ticker.system());
    try (LogLines log = LogLines.of(WorkersTest.class)) {
      slow.call(in(50), this::hang).subscribe().with(done -> {}).cancel();
      assertThat(slow.call(in(5000), () -> 1).await().indefinitely()).isOne();
      assertThatThrownBy(() -> slow.call(in(100), this::hang).await().indefinitely())
          .hasCauseInstanceOf(TimeoutException.class);
      for (int i = 0; i < 10; i++) {
        assertThatThrownBy(() -> slow.call(in(10), this::hang).await().indefinitely())
            .hasCauseInstanceOf(TimeoutException.class);
      }
      assertThat(log.seen()).hasSize(1).first().asString().startsWith("WARN too late (");

      hanging.countDown();
      assertThat(slow.call(in(5000), () -> 1).await().indefinitely()).isOne();
      assertThat(log.seen()).as("others may be late yet").hasSize(1);
      now.addAndGet(Duration.ofSeconds(5).toNanos());
      for (int i = 0; i < 10; i++) {
        assertThat(slow.call(in(5000), () -> 1).await().indefinitely()).isOne();
      }
      assertThat(log.seen()).hasSize(2).last().asString().startsWith("INFO in time (after ");
    }
  }

  @Test
  void workThatFailsInTime_isNotLate() {
    OutageLog late = new OutageLog(WorkersTest.class, "too late", "in time");
    Workers prompt = new Workers(PLACES, late, threads, Ticker.system());
    assertThatThrownBy(
            () ->
                prompt
                    .call(
                        in(5000),
                        () -> {
                          throw new TimeoutException("of its own");
                        })
                    .await()
                    .indefinitely())
        .hasRootCauseMessage("of its own");
    assertThat(late.isAway()).isFalse();
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
