package org.psidgateway.ledger;

import static org.psidgateway.ledger.Asks.PAGE;
import static org.psidgateway.ledger.Asks.granted;
import static org.psidgateway.ledger.Asks.ids;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.psidgateway.forecast.Forecasting;
import org.psidgateway.forecast.Work;
import org.psidgateway.invalidation.ChangeReaders;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.limits.LimitSettings;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.Usage;
import org.psidgateway.model.Verdict;
import org.psidgateway.store.MappingStore;
import org.psidgateway.store.Stores;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.OneCaller;
import org.psidgateway.testing.ShiftedClock;
import org.psidgateway.testing.Sql;
import org.psidgateway.testing.SqlRecorder;
import org.psidgateway.testing.SqlStatement;
import org.psidgateway.testing.Tariffs;

/**
 * Every statement that conversions, look-ups and the rounds of each pod are made of, with the
 * parameters of one run: not written down here, but listened to.
 */
final class HotStatements {
  private static final LimitSettings PACED =
      LimitSettings.unlimited()
          .withPace(200, Duration.ofHours(1), 200)
          .withPagePace(PAGE.value(), 100, Duration.ofHours(1));

  private final ShiftedClock clock = new ShiftedClock();
  private final SqlRecorder recorder = new SqlRecorder();
  private final DataSource dataSource;
  private final LedgerPod ledger;
  private final Map<String, HotStatement> found = new LinkedHashMap<>();
  private final List<SqlStatement> settings = new ArrayList<>();
  private long nextId = 1;

  /** A statement, and the first purpose that it was seen to serve. */
  record HotStatement(String what, SqlStatement sql) {}

  private HotStatements(Backing.Database database) throws SQLException {
    dataSource = recorder.over(clock.over(database.dataSource()));
    ledger = new Ledgers(PACED, Duration.ofSeconds(5), Tariffs.PER_BATCH).on(dataSource);
  }

  /** Runs everything once, on a database of its own. */
  static HotStatements record() throws SQLException {
    HotStatements statements = new HotStatements(Backing.freshDatabase());
    statements.run();
    return statements;
  }

  Collection<HotStatement> all() {
    return found.values();
  }

  /** How the code wants what follows to be planned, set within its transactions. */
  List<SqlStatement> settings() {
    return settings;
  }

  private interface Action {
    void run() throws SQLException;
  }

  private void doing(String what, Action action) throws SQLException {
    recorder.take();
    action.run();
    for (SqlStatement sql : recorder.take()) {
      if (sql.planned()) {
        String lists =
            sql.parameters().stream()
                .map(parameter -> Integer.toString(parameter.length()))
                .collect(Collectors.joining(","));
        found.putIfAbsent(sql.text() + lists, new HotStatement(what, sql));
      } else if (sql.setting() && !settings.contains(sql)) {
        settings.add(sql);
      }
    }
  }

  private void run() throws SQLException {
    new Sql(dataSource)
        .execute(
            "insert into page (page_id, token_revision, token) values (100, 1, ''), (200, 1, '')");
    invalidations();
    lookUps();
    Granted first = reserves();
    settlements();
    doing(
        "forecast",
        () ->
            Forecasting.on(dataSource, PACED, Tariffs.PER_BATCH)
                .of(new Work(PAGE, 10_000, Lane.BACKGROUND, 1, 0)));
    doing(
        "revisit",
        () -> ledger.revisit(Map.of(first.callId(), first.asids()), Map.of(PAGE, first.asids())));
    sweep();
  }

  private void lookUps() throws SQLException {
    MappingStore store = Stores.on(dataSource);
    for (int length : new int[] {1, 200, 400, 10_000}) {
      doing("look-up of " + length, () -> Stores.lookUp(store, PAGE, ids(1, length)));
    }
    doing("look-up of one", () -> Stores.find(store, PAGE, 1));
  }

  private Granted reserves() throws SQLException {
    Granted known = granted(ledger.reserve(ask(Lane.INTERACTIVE, fresh(200), false, false)));
    ledger.settle(Asks.answer(known));
    Granted underWay = granted(ledger.reserve(ask(Lane.INTERACTIVE, fresh(200), false, false)));
    doing("reserve", () -> reserve(Lane.INTERACTIVE, fresh(200)));
    doing("reserve", () -> reserve(Lane.BACKGROUND, fresh(400)));
    doing("reserve", () -> ledger.reserve(ask(Lane.INTERACTIVE, fresh(1), true, true)));
    doing(
        "reserve",
        () ->
            ledger.reserve(
                ask(
                    Lane.INTERACTIVE,
                    new long[] {
                      known.asids()[0], known.asids()[1], underWay.asids()[0], nextId++, nextId++
                    },
                    false,
                    false)));
    return underWay;
  }

  private void settlements() throws SQLException {
    Usage usage = new Usage(10, 20);
    settle("settle, answered", grant -> Asks.answer(grant, usage));
    settle(
        "settle, negatives",
        grant -> {
          long[] verdicts = new long[grant.asids().length];
          for (int i = 0; i < verdicts.length; i++) {
            verdicts[i] = i % 2 == 0 ? Verdict.UNMAPPED : grant.asids()[i];
          }
          return Settlement.answered(
              grant.call(), Findings.of(grant.asids(), verdicts), verdicts.length / 2, usage);
        });
    settle("settle, unsent", grant -> Settlement.unsent(grant.call(), "late"));
    settle("settle, uncertain", grant -> Settlement.uncertain(grant.call(), "timeout"));
    settle(
        "settle, throttled",
        grant ->
            Settlement.throttled(
                grant.call(), false, Optional.of(Duration.ofMillis(1)), "throttled", usage));
    clock.advance(Duration.ofHours(2));
  }

  private interface End {
    Settlement of(Granted grant);
  }

  private void settle(String what, End end) throws SQLException {
    Granted grant = reserve(Lane.INTERACTIVE, fresh(200));
    doing(what, () -> ledger.settle(end.of(grant)));
  }

  private void sweep() throws SQLException {
    reserve(Lane.INTERACTIVE, fresh(200));
    clock.advance(Duration.ofMinutes(5));
    doing("sweep", ledger::sweep);
    doing("sweep", ledger::stopSweeping);
  }

  private void invalidations() throws SQLException {
    ChangeReaders.Round round = ChangeReaders.on(dataSource);
    doing("invalidations", round::read);
    new Sql(dataSource).execute("update page set name = 'another' where page_id = 100");
    doing("invalidations", round::read);
  }

  private Granted reserve(Lane lane, long[] ids) throws SQLException {
    return granted(ledger.reserve(ask(lane, ids, false, false)));
  }

  private static Ledger.Request ask(Lane lane, long[] ids, boolean isolation, boolean retry) {
    return new Ledger.Request(
        UUID.randomUUID(),
        PAGE,
        lane,
        ids,
        OneCaller.of(ids),
        Map.of(PAGE, ids),
        Set.of(),
        Tariffs.PER_BATCH,
        isolation,
        retry,
        Duration.ofSeconds(10));
  }

  private long[] fresh(int count) {
    nextId += count;
    return ids(nextId - count, nextId - 1);
  }
}
