package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.ledger.Asks.answer;
import static org.psidgateway.ledger.Asks.granted;
import static org.psidgateway.ledger.Asks.ids;
import static org.psidgateway.ledger.Asks.request;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.books.QuotaReport;
import org.psidgateway.ledger.Decision.Call;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.testing.Beside;

/** Pods that race each other, on one database. */
@Beside
class RacingPodsTest extends OneLedger {
  @Test
  void grantThatIsGivenBackWhileItCommits_isGivenBack() throws Exception {
    ledger.sweep(); // a ledger that knows its server asks for no lock before the reserve
    // A transaction that holds the budget row keeps the reserve from committing.
    Ledger.Request slow = request(1, 2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (Connection holder = dataSource.getConnection()) {
      holder.setAutoCommit(false);
      holder.createStatement().execute("select 1 from budget for update");
      Future<Decision> reserve = threads.submit(() -> ledger.reserve(slow));
      Awaitility.await().until(() -> sql.lockWaits() == 1);
      Call perhaps = slow.call(slow.candidates());
      Future<?> giveBack =
          threads.submit(
              () -> {
                ledger.settle(Settlement.unsent(perhaps, "reply_lost"));
                return null;
              });
      Awaitility.await().until(() -> sql.lockWaits() == 2);
      holder.commit();
      reserve.get();
      giveBack.get();
    } finally {
      threads.shutdownNow();
    }
    assertThat(books.quota()).isEqualTo(committed(0));
    assertThat(claims()).isZero();
  }

  @Test
  void grantsOfFourPods_keepThePace_inEveryWindow() throws Exception {
    Duration per = Duration.ofMillis(400);
    int calls = 5;
    List<Callable<Void>> pods = new ArrayList<>();
    for (int pod = 0; pod < 4; pod++) {
      Ledger mine = Ledgers.unlimited().withPace(calls, per, 3).on(dataSource);
      long first = 1 + pod * 1000L;
      pods.add(
          () -> {
            for (long id = first; id < first + 60; id++) {
              mine.reserve(request(id));
            }
            return null;
          });
    }
    together(pods);

    List<Long> grants = grantTimes();
    assertThat(grants).hasSizeGreaterThan(calls);
    for (int i = calls; i < grants.size(); i++) {
      assertThat(grants.get(i) - grants.get(i - calls)).isGreaterThan(per.toNanos() / 1000);
    }
  }

  @Test
  void overlappingListsInAnyOrder_areAskedOnce_byPodsThatRace() throws Exception {
    Map<Long, Integer> asked = Collections.synchronizedMap(new HashMap<>());
    List<Callable<Void>> pods = new ArrayList<>();
    for (int pod = 0; pod < 6; pod++) {
      Ledger mine = Ledgers.unlimited().on(dataSource);
      boolean backwards = pod % 2 == 1;
      pods.add(
          () -> {
            for (int round = 0; round < 80; round++) {
              long[] list = ids(round * 10 + 1, round * 10 + 40);
              ask(mine, backwards ? reversed(list) : list, asked);
            }
            return null;
          });
    }
    together(pods);

    assertThat(asked).hasSize(79 * 10 + 40);
    assertThat(asked.values()).containsOnly(1);
    assertThat(books.quota()).isEqualTo(committed(asked.size()));
    assertThat(claims()).isZero();
  }

  private static void ask(Ledger ledger, long[] list, Map<Long, Integer> asked)
      throws SQLException {
    if (ledger.reserve(request(list)) instanceof Granted granted) {
      LongStream.of(granted.asids()).forEach(id -> asked.merge(id, 1, Integer::sum));
      ledger.settle(answer(granted));
    }
  }

  private static void together(List<Callable<Void>> pods) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(pods.size());
    try {
      for (Future<Void> pod : threads.invokeAll(pods)) {
        pod.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static long[] reversed(long[] ids) {
    long[] reversed = ids.clone();
    for (int i = 0; i < ids.length; i++) {
      reversed[i] = ids[ids.length - 1 - i];
    }
    return reversed;
  }

  private static QuotaReport committed(long units) {
    long limit = 5_000_000;
    return new QuotaReport(limit, units, 0, 0, limit - units, 250_000L, false);
  }

  private List<Long> grantTimes() throws SQLException {
    return sql.numbers("select micros(granted_at) from call order by grant_no");
  }

  private long claims() throws SQLException {
    return sql.number("select count(*) from claim");
  }
}
