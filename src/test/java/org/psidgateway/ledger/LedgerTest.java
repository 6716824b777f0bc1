package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.ledger.Decision.Call;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Nothing;
import org.psidgateway.ledger.Decision.Refused;
import org.psidgateway.ledger.Decision.Wait;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Usage;
import org.psidgateway.model.Verdict;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.ShiftedClock;

@Beside
class LedgerTest {
  private static final PageId PAGE = new PageId(100);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final ShiftedClock clock = new ShiftedClock();
  private DataSource dataSource;
  private Ledger ledger;

  @BeforeEach
  void database() throws SQLException {
    dataSource = clock.over(Backing.freshDatabase().dataSource());
    execute("insert into page (page_id, token_revision, token) values (100, 1, ''), (200, 1, '')");
    ledger = Ledgers.unlimited().on(dataSource);
  }

  @Test
  void reserve_grantsAndHolds_whatIsFree() throws SQLException {
    Granted granted = granted(ledger.reserve(request(1, 2, 3)));

    assertThat(granted.asids()).containsExactly(1, 2, 3);
    assertThat(granted.tokenRevision()).isEqualTo(1);
    assertThat(ledger.quota()).isEqualTo(quota(0, 3, 0));
  }

  @Test
  void settle_commitsWhatWasReturned_andReleasesTheRest() throws SQLException {
    Granted granted = granted(ledger.reserve(request(1, 2, 3)));

    ledger.settle(answered(granted, new long[] {11, Verdict.UNMAPPED, 13}, 2));

    assertThat(ledger.quota()).isEqualTo(quota(2, 0, 0));
    Nothing nothing = (Nothing) ledger.reserve(request(3, 2, 1));
    assertThat(known(nothing)).isEqualTo(Map.of(1L, 11L, 2L, Verdict.UNMAPPED, 3L, 13L));
    assertThat(ledger.quota()).isEqualTo(quota(2, 0, 0));
  }

  @Test
  void settle_movesUnitsOnce_howeverOftenItIsTold() throws SQLException {
    Granted granted = granted(ledger.reserve(request(1, 2)));
    Settlement answer = answered(granted, new long[] {11, 12}, 2);

    ledger.settle(answer);
    ledger.settle(answer);
    ledger.settle(Settlement.unsent(granted.call(), "late"));
    ledger.settle(Settlement.uncertain(granted.call(), "late"));

    assertThat(ledger.quota()).isEqualTo(quota(2, 0, 0));
  }

  @Test
  void reserve_namesTheCall_thatAsksAnIdAlready() throws SQLException {
    Granted first = granted(ledger.reserve(request(1, 2)));

    Granted second = granted(ledger.reserve(request(2, 3)));

    assertThat(second.asids()).containsExactly(3);
    assertThat(second.seen().foreign()).containsOnlyKeys(first.callId());
    assertThat(second.seen().foreign().get(first.callId())).containsExactly(2);
    assertThat(ledger.revisit(PAGE, second.seen().foreign()).seen().foreign())
        .containsOnlyKeys(first.callId());
    ledger.settle(answered(first, new long[] {11, 12}, 2));
    Decision.Seen seen = ledger.revisit(PAGE, second.seen().foreign()).seen();
    assertThat(seen.foreign()).isEmpty();
    assertThat(seen.known().verdicts()).containsExactly(12);
  }

  @Test
  void reserve_cutsTheBatch_toWhatTheQuotaHolds() throws SQLException {
    Ledger small = Ledgers.unlimited().withCeiling(50).on(dataSource);
    Granted granted = granted(small.reserve(request(ids(1, 80))));
    assertThat(granted.asids()).hasSize(50);

    assertThat(small.reserve(request(ids(51, 80)))).isInstanceOf(Wait.class);
    long[] verdicts = psids(granted.asids());
    verdicts[0] = Verdict.UNMAPPED;
    small.settle(answered(granted, verdicts, 49));

    Granted last = granted(small.reserve(request(ids(51, 80))));
    assertThat(last.asids()).containsExactly(51);
    small.settle(answered(last, psids(last.asids()), 1));
    assertThat(((Refused) small.reserve(request(ids(52, 80)))).why())
        .isEqualTo(Fate.QUOTA_EXHAUSTED);
    assertThat(small.quota().remaining()).isZero();
    assertThat(claims()).isZero();
  }

  @Test
  void reserve_leavesTheFloor_toInteractiveCallers() throws SQLException {
    Ledger small = Ledgers.unlimited().withCeiling(100).on(dataSource);
    Granted granted = granted(small.reserve(request(Lane.BACKGROUND, ids(1, 100))));
    assertThat(granted.asids()).hasSize(95);
    small.settle(answered(granted, psids(granted.asids()), 95));

    assertThat(((Refused) small.reserve(request(Lane.BACKGROUND, 96))).why())
        .isEqualTo(Fate.QUOTA_RESERVED);
    assertThat(granted(small.reserve(request(96))).asids()).containsExactly(96);
  }

  @Test
  void quota_isTheFanShare_onceEveryPageTellsItsFans() throws SQLException {
    assertThat(ledger.quota().limit()).isEqualTo(5_000_000);
    execute("update page set fans = 1000 where page_id = 100");
    assertThat(ledger.quota().limit()).isEqualTo(5_000_000);
    execute("update page set fans = 250 where page_id = 200");
    assertThat(ledger.quota().limit()).isEqualTo(12);
    assertThat(granted(ledger.reserve(request(ids(1, 20)))).asids()).hasSize(12);
  }

  @Test
  void unsentCall_givesBackUnitsPaceAndIds() throws SQLException {
    Ledger paced = Ledgers.unlimited().withPace(2, Duration.ofHours(1), 2).on(dataSource);
    for (int i = 0; i < 10; i++) {
      Granted granted = granted(paced.reserve(request(1, 2)));
      paced.settle(Settlement.unsent(granted.call(), "connect"));
    }
    assertThat(paced.quota()).isEqualTo(quota(0, 0, 0));
    assertThat(paced.reserve(request(1))).isInstanceOf(Granted.class);
    assertThat(paced.reserve(request(2))).isInstanceOf(Granted.class);
    assertThat(paced.reserve(request(3))).isInstanceOf(Wait.class);
  }

  @Test
  void crashedCall_staysCounted_andItsIdsMayBeAskedAgainLater() throws SQLException {
    Granted crashed = granted(ledger.reserve(request(1, 2)));
    ledger.sweep();
    assertThat(ledger.quota()).isEqualTo(quota(0, 2, 0));

    clock.advance(Duration.ofSeconds(16));
    ledger.sweep();
    ledger.sweep();
    assertThat(ledger.quota()).isEqualTo(quota(0, 0, 2));
    assertThat(ledger.reserve(request(1, 2))).isInstanceOf(Nothing.class);

    clock.advance(Duration.ofSeconds(5));
    Granted again = granted(ledger.reserve(request(1, 2)));
    assertThat(again.asids()).containsExactly(1, 2);
    assertThat(ledger.quota()).isEqualTo(quota(0, 2, 2));

    // The zombie wakes up: what it brings is kept, and its units move from uncertain to committed.
    ledger.settle(answered(crashed, new long[] {11, 12}, 2));
    assertThat(ledger.quota()).isEqualTo(quota(2, 2, 0));
    assertThat(ledger.reserve(request(1))).isInstanceOf(Nothing.class);
    ledger.settle(answered(again, new long[] {11, 12}, 2));
    assertThat(ledger.quota()).isEqualTo(quota(4, 0, 0));
    assertThat(claims()).isZero();
  }

  @Test
  void unsentCall_givesBackItsUnits_alsoAfterTheSweepWasFaster() throws SQLException {
    Granted granted = granted(ledger.reserve(request(1, 2)));
    clock.advance(Duration.ofSeconds(16));
    ledger.sweep();
    assertThat(ledger.quota()).isEqualTo(quota(0, 0, 2));

    ledger.settle(Settlement.unsent(granted.call(), "connect"));

    assertThat(ledger.quota()).isEqualTo(quota(0, 0, 0));
    assertThat(granted(ledger.reserve(request(1, 2))).asids()).hasSize(2);
  }

  @Test
  void clockThatRanAhead_stopsNobodyForLongerThanAWindow() throws SQLException {
    Ledger paced = Ledgers.unlimited().withPace(1, Duration.ofMinutes(1), 1).on(dataSource);
    clock.advance(Duration.ofDays(1));
    Granted granted = granted(paced.reserve(request(1)));
    paced.settle(
        Settlement.throttled(
            granted.call(), true, Optional.of(Duration.ofHours(20)), "4", Usage.UNKNOWN));
    clock.advance(Duration.ofDays(-1));

    paced.sweep();
    clock.advance(Duration.ofSeconds(62));

    assertThat(granted(paced.reserve(request(1))).asids()).hasSize(1);
  }

  @Test
  void grantThatIsGivenBackWhileItCommits_isGivenBack() throws Exception {
    ledger.sweep(); // a ledger that knows its server asks for no lock before the reserve
    // Whoever holds the budget row keeps the reserve from committing.
    Ledger.Request slow = request(1, 2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (Connection holder = dataSource.getConnection()) {
      holder.setAutoCommit(false);
      holder.createStatement().execute("select 1 from budget for update");
      Future<Decision> reserve = threads.submit(() -> ledger.reserve(slow));
      Awaitility.await().until(() -> query(LOCK_WAITS).get(0) == 1);
      Call perhaps = new Call(slow.callId(), PAGE, Lane.INTERACTIVE, slow.candidates());
      Future<?> giveBack =
          threads.submit(
              () -> {
                ledger.settle(Settlement.unsent(perhaps, "reply_lost"));
                return null;
              });
      Awaitility.await().until(() -> query(LOCK_WAITS).get(0) == 2);
      holder.commit();
      reserve.get();
      giveBack.get();
    } finally {
      threads.shutdownNow();
    }
    assertThat(ledger.quota()).isEqualTo(quota(0, 0, 0));
    assertThat(claims()).isZero();
  }

  private static final String LOCK_WAITS =
      """
      select count(*) from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'
      """;

  @Test
  void uncertainCall_postponesItsIds_twiceAsLongEachTime() throws SQLException {
    for (int delay : new int[] {5, 10, 20}) {
      Granted granted = granted(ledger.reserve(request(1)));
      ledger.settle(Settlement.uncertain(granted.call(), "timeout"));
      clock.advance(Duration.ofSeconds(delay - 1));
      assertThat(ledger.reserve(request(1))).isInstanceOf(Nothing.class);
      clock.advance(Duration.ofSeconds(2));
    }
    assertThat(ledger.quota()).isEqualTo(quota(0, 0, 3));
  }

  @Test
  void mapping_neverYields_negativeAlwaysDoes() throws SQLException {
    Granted first = granted(ledger.reserve(request(1)));
    clock.advance(Duration.ofMinutes(1));
    ledger.sweep();
    clock.advance(Duration.ofMinutes(1));
    Granted second = granted(ledger.reserve(request(1)));
    ledger.settle(answered(second, new long[] {Verdict.UNMAPPED}, 0));
    assertThat(known(ledger.reserve(request(1)))).containsEntry(1L, Verdict.UNMAPPED);

    ledger.settle(answered(first, new long[] {11}, 1));
    assertThat(known(ledger.reserve(request(1)))).containsEntry(1L, 11L);

    ledger.settle(answered(second, new long[] {Verdict.REJECTED}, 0));
    assertThat(known(ledger.reserve(request(1)))).isEqualTo(Map.of(1L, 11L));
  }

  @Test
  void throttle_stopsEveryPod_untilItIsOver_longerEachTime() throws SQLException {
    Ledger otherPod = Ledgers.unlimited().on(dataSource);
    for (int seconds : new int[] {2, 4, 8}) {
      Granted granted = granted(ledger.reserve(request(1)));
      ledger.settle(
          Settlement.throttled(granted.call(), true, Optional.empty(), "4", Usage.UNKNOWN));
      Wait wait = (Wait) otherPod.reserve(request(2));
      assertThat(wait.why()).isEqualTo(Fate.COOLING_DOWN);
      assertThat(wait.delay())
          .isBetween(Duration.ofMillis(seconds * 900L), Duration.ofMillis(seconds * 1100L));
      clock.advance(Duration.ofSeconds(seconds + 1));
    }
    Granted granted = granted(ledger.reserve(request(1)));
    ledger.settle(
        Settlement.throttled(
            granted.call(), true, Optional.of(Duration.ofMinutes(7)), "4", Usage.UNKNOWN));
    assertThat(((Wait) otherPod.reserve(request(2))).delay()).isGreaterThan(Duration.ofMinutes(6));
  }

  @Test
  void throttleOfAPage_leavesOtherPagesAlone() throws SQLException {
    Granted granted = granted(ledger.reserve(request(1)));
    ledger.settle(
        Settlement.throttled(granted.call(), false, Optional.empty(), "32", Usage.UNKNOWN));

    assertThat(ledger.reserve(request(2))).isInstanceOf(Wait.class);
    assertThat(ledger.reserve(onPage(200, 2))).isInstanceOf(Granted.class);
  }

  @Test
  void reserve_isRefused_whereThePageMayNotAsk() throws SQLException {
    execute("update page set paused = true, pause_reason = 'operator' where page_id = 100");
    execute("update page set token_revision = 0 where page_id = 200");
    assertThat(((Refused) ledger.reserve(request(1))).why()).isEqualTo(Fate.PAGE_PAUSED);
    assertThat(((Refused) ledger.reserve(onPage(200, 1))).why()).isEqualTo(Fate.TOKEN_INVALID);
    assertThat(((Refused) ledger.reserve(onPage(300, 1))).why()).isEqualTo(Fate.PAGE_PAUSED);
  }

  @Test
  void reserve_isRefused_onceTheWindowHasClosed() throws SQLException {
    LocalDate tomorrow = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).plusDays(1);
    Ledger closing = Ledgers.unlimited().on(dataSource, clock, Optional.of(tomorrow));
    assertThat(closing.window().state()).isEqualTo(Ledger.Window.State.CLOSING);
    assertThat(closing.reserve(request(1))).isInstanceOf(Granted.class);

    clock.advance(Duration.ofDays(1));
    assertThat(((Refused) closing.reserve(request(2))).why()).isEqualTo(Fate.WINDOW_CLOSED);
    assertThat(closing.window().state()).isEqualTo(Ledger.Window.State.SEALED);
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
    assertThat(ledger.quota()).isEqualTo(quota(asked.size(), 0, 0));
    assertThat(claims()).isZero();
  }

  private static void ask(Ledger ledger, long[] list, Map<Long, Integer> asked)
      throws SQLException {
    if (ledger.reserve(request(list)) instanceof Granted granted) {
      LongStream.of(granted.asids()).forEach(id -> asked.merge(id, 1, Integer::sum));
      ledger.settle(answered(granted, psids(granted.asids()), granted.asids().length));
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

  private static Ledger.Request request(long... asids) {
    return request(Lane.INTERACTIVE, asids);
  }

  private static Ledger.Request request(Lane lane, long... asids) {
    return new Ledger.Request(UUID.randomUUID(), PAGE, lane, asids, 200, 1, false, false, TIMEOUT);
  }

  private static Ledger.Request onPage(long page, long... asids) {
    return new Ledger.Request(
        UUID.randomUUID(),
        new PageId(page),
        Lane.INTERACTIVE,
        asids,
        200,
        1,
        false,
        false,
        TIMEOUT);
  }

  private static Settlement answered(Granted granted, long[] verdicts, int returned) {
    return Settlement.answered(granted.call(), verdicts, returned, Usage.UNKNOWN);
  }

  private static Granted granted(Decision decision) {
    assertThat(decision).isInstanceOf(Granted.class);
    return (Granted) decision;
  }

  private static Map<Long, Long> known(Decision decision) {
    Map<Long, Long> known = new HashMap<>();
    for (int i = 0; i < decision.seen().known().size(); i++) {
      known.put(decision.seen().known().asids()[i], decision.seen().known().verdicts()[i]);
    }
    return known;
  }

  private static Ledger.Quota quota(long committed, long held, long uncertain) {
    long limit = 5_000_000;
    return new Ledger.Quota(
        limit, committed, held, uncertain, limit - committed - held - uncertain, 250_000, false);
  }

  private static long[] ids(long from, long to) {
    return LongStream.rangeClosed(from, to).toArray();
  }

  private static long[] reversed(long[] ids) {
    long[] reversed = ids.clone();
    for (int i = 0; i < ids.length; i++) {
      reversed[i] = ids[ids.length - 1 - i];
    }
    return reversed;
  }

  private static long[] psids(long[] asids) {
    return Arrays.stream(asids).map(asid -> asid + 1_000_000).toArray();
  }

  private long claims() throws SQLException {
    return query("select count(*) from claim").get(0);
  }

  private List<Long> grantTimes() throws SQLException {
    return query("select micros(granted_at) from call order by grant_no");
  }

  private List<Long> query(String sql) throws SQLException {
    List<Long> values = new ArrayList<>();
    try (Connection connection = dataSource.getConnection();
        ResultSet rows = connection.createStatement().executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getLong(1));
      }
    }
    return values;
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.createStatement().execute(sql);
    }
  }
}
