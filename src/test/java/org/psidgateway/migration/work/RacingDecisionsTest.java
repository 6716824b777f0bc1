package org.psidgateway.migration.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.migration.work.Conserved.assertConserved;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.ledger.Decision;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.LedgerPod;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.testing.Beside;

/** The owner and calls that decide the same ids at once: each is counted once. */
@Beside
class RacingDecisionsTest extends OneMigration {
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  private interface Step {
    void run() throws SQLException;
  }

  private Future<?> begin(Step step) {
    return threads.submit(
        () -> {
          step.run();
          return null;
        });
  }

  /** Begins the steps one after the other, each waiting for the row; then lets all of them go. */
  private void behindALock(Step... steps) throws Exception {
    List<Future<?>> begun = new ArrayList<>();
    try (Connection holder = dataSource.getConnection()) {
      holder.setAutoCommit(false);
      holder
          .createStatement()
          .execute(
              "select 1 from migration where id = '%s' for update".formatted(list.id().value()));
      for (Step step : steps) {
        begun.add(begin(step));
        Awaitility.await().until(() -> sql.lockWaits() == begun.size());
      }
      holder.commit();
    }
    for (Future<?> one : begun) {
      one.get();
    }
    assertConserved(sql, list);
  }

  @Test
  void answersThatWaitForEachOther_countAnIdOnce() throws Exception {
    list = Listed.running(dataSource, 10);
    Granted granted = granted(ids(1, 5));
    lose(granted);
    Job job = job();

    behindALock(
        () -> one.settle(answer(granted)),
        () ->
            decisions.joined(
                job, fence, ids(1, 6), LongStream.of(ids(1, 6)).map(OneMigration::psid).toArray()),
        () -> decisions.joined(job, fence, ids(5, 7), ids(5, 7)));

    assertThat(list.number(sql, "mapped")).isEqualTo(7);
    assertThat(list.number(sql, "joined")).isEqualTo(2);
  }

  @Test
  void grantThatWaitsForTheOwner_asksNoIdThatTheOwnerDecided() throws Exception {
    list = Listed.running(dataSource, 3);
    Job job = job();
    List<Decision> decided = new ArrayList<>();

    behindALock(
        () -> decisions.joined(job, fence, new long[] {1}, new long[] {7}),
        () -> decided.add(one.reserve(request(account(), 1, 2))));

    assertThat(decided.get(0)).isInstanceOf(Decision.Denied.class);
    assertThat(list.number(sql, "mapped")).isEqualTo(1);
  }

  @Test
  void ownerThatWaitsForAGrant_leavesItsIdsToTheCall() throws Exception {
    list = Listed.running(dataSource, 3);
    Job job = job();
    List<Decision> decided = new ArrayList<>();

    behindALock(
        () -> decided.add(one.reserve(request(account(), 1, 2))),
        () -> decisions.joined(job, fence, ids(1, 3), ids(1, 3)));

    assertThat(list.number(sql, "mapped")).isEqualTo(1);
    settle(answer((Granted) decided.get(0)));
    assertThat(state()).isEqualTo("completed");
  }

  @Test
  void podsAndOwnerThatRace_overAWholeList_countEveryIdOnce() throws Exception {
    int size = 400;
    list = Listed.running(dataSource, size);
    Job job = job();
    List<Callable<Void>> racers = new ArrayList<>();
    for (int pod = 0; pod < 3; pod++) {
      Random random = new Random(pod);
      LedgerPod mine = pod == 0 ? two : one;
      racers.add(() -> convert(mine, random, size));
    }
    racers.add(() -> join(job, new Random(17), size));

    for (Future<Void> racer : threads.invokeAll(racers)) {
      racer.get();
    }

    assertConserved(sql, list);
    assertThat(list.number(sql, "under_way")).isZero();
    assertThat(list.number(sql, "mapped + unanswered")).isGreaterThan(size / 2);
    assertThat(sql.number("select count(*) from claim where lapses_at = 'infinity'")).isZero();
  }

  /** Calls that end in every way, now and then late. */
  private Void convert(LedgerPod pod, Random random, int size) throws SQLException {
    MigrationAccount account = account();
    for (int round = 0; round < 80; round++) {
      Decision decision = pod.reserve(request(account, some(random, size, 20)));
      if (decision instanceof Granted granted) {
        int end = random.nextInt(10);
        if (end == 0) {
          pod.settle(Settlement.unsent(granted.call(), "late"));
        } else if (end < 4) {
          pod.settle(Settlement.uncertain(granted.call(), "timeout"));
          if (end < 3) {
            pod.settle(answer(granted));
          }
        } else {
          pod.settle(answer(granted));
        }
      }
      clock.advance(java.time.Duration.ofMillis(20)); // claims of uncertain calls lapse
    }
    return null;
  }

  /** Ids that an import brings, and the owner finds. */
  private Void join(Job job, Random random, int size) throws SQLException {
    for (int round = 0; round < 120; round++) {
      long[] some = some(random, size, 8);
      for (long asid : some) {
        sql.execute(
            "insert into mapping (page_id, asid, psid, resolved_at) values (100, %d, %d, ledger_now()) on conflict do nothing"
                .formatted(asid, psid(asid)));
      }
      decisions.joined(job, fence, some, LongStream.of(some).map(OneMigration::psid).toArray());
    }
    return null;
  }

  private static long[] some(Random random, int size, int most) {
    return random.longs(1 + random.nextInt(most), 1, size + 1).distinct().toArray();
  }
}
