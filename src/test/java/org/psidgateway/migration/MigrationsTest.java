package org.psidgateway.migration;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.psidgateway.db.Transactions;
import org.psidgateway.forecast.Bottleneck.What;
import org.psidgateway.migration.Migrations.Filter;
import org.psidgateway.migration.list.Lists;
import org.psidgateway.migration.list.NewList;
import org.psidgateway.model.PageId;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.ShiftedClock;
import org.psidgateway.testing.Sql;
import org.psidgateway.testing.SqlRecorder;
import org.psidgateway.testing.SqlStatement;

/** How migrations are looked at and steered, on a database of their own. */
@Beside
class MigrationsTest {
  private static final Filter ALL = new Filter(null, null, Map.of());

  private final ShiftedClock clock = new ShiftedClock();
  private DataSource dataSource;
  private Sql sql;
  private Rows rows;
  private Lists lists;
  private Migrations migrations;

  @BeforeEach
  void database() {
    dataSource = clock.over(Backing.freshDatabase().dataSource());
    sql = new Sql(dataSource);
    rows = new Rows(sql);
    Transactions transactions = new Transactions(dataSource);
    lists = new Lists(transactions);
    migrations = new Migrations(transactions, lists, 200, null);
  }

  static Stream<Arguments> everythingThatCanBeAsked() {
    return Stream.of(State.values())
        .flatMap(
            state ->
                Stream.of(Desired.values())
                    .flatMap(
                        desired ->
                            Stream.of(0L, 10L)
                                .filter(calls -> calls == 0 || state.isWorking())
                                .map(calls -> Arguments.of(state, desired, calls))));
  }

  @ParameterizedTest
  @MethodSource("everythingThatCanBeAsked")
  void whatIsAskedFor_comesToPass_asTheTableOfMovesSays(State state, Desired desired, long calls)
      throws SQLException {
    MigrationId id = rows.insert(state, calls);
    State wanted = desired == Desired.RUNNING ? null : State.valueOf(desired.name());
    boolean so = wanted == null ? state.isWorking() : state == wanted;

    if (so) {
      assertThat(asked(id, desired).revision()).isEqualTo(1);
      assertThat(rows.diary(id)).isEmpty();
      return;
    }
    if (!state.legal().contains(desired)) {
      assertThatThrownBy(() -> asked(id, desired))
          .isInstanceOfSatisfying(
              IllegalTransition.class,
              e -> {
                assertThat(e.state()).isEqualTo(state);
                assertThat(e.legal()).isEqualTo(state.legal());
              });
      assertThat(found(id).revision()).isEqualTo(1);
      return;
    }
    Migration after = asked(id, desired);
    assertThat(after.revision()).isEqualTo(2);
    assertThat(after.desired()).isEqualTo(desired);
    assertThat(asked(id, desired).revision()).isEqualTo(2); // once more
    if (calls > 0) {
      assertThat(after.state()).isEqualTo(state);
      assertThat(rows.diary(id)).isEmpty();
      assertThat(sql.texts("select next_state || ' ' || next_by from migration"))
          .containsExactly(desired.wireName() + " crm");
    } else {
      State becomes = wanted == null ? State.RUNNING : wanted;
      assertThat(after.state()).isEqualTo(becomes);
      assertThat(after.finishedAt() != null).isEqualTo(becomes.isEnd());
      assertThat(after.startedAt() != null).isEqualTo(becomes.isWorking());
      assertThat(after.history()).hasSize(1);
      assertThat(rows.diary(id))
          .containsExactly(
              state.wireName()
                  + " > "
                  + becomes.wireName()
                  + (becomes == State.PAUSED ? " operator crm" : " crm"));
    }
  }

  @Test
  void onTheWayToAPause_itMayGoOn_orBeCancelled_butNotOnTheWayToItsEnd() throws SQLException {
    MigrationId id = rows.insert(State.RUNNING, 10);
    Migration pausing = asked(id, Desired.PAUSED);
    assertThat(pausing.eta().reason()).isEqualTo("paused");
    assertThat(pausing.bottleneck()).isNotNull();
    assertThat(pausing.bottleneck().what()).isEqualTo(What.PAUSED);

    Migration again = asked(id, Desired.RUNNING);
    assertThat(again.revision()).isEqualTo(3);
    assertThat(again.desired()).isEqualTo(Desired.RUNNING);
    assertThat(sql.number("select count(*) from migration where next_state is null")).isOne();

    asked(id, Desired.PAUSED);
    asked(id, Desired.CANCELLED);
    assertThat(sql.texts("select next_state from migration")).containsExactly("cancelled");
    for (Desired desired : List.of(Desired.RUNNING, Desired.PAUSED)) {
      assertThatThrownBy(() -> asked(id, desired))
          .isInstanceOfSatisfying(IllegalTransition.class, e -> assertThat(e.legal()).isEmpty());
    }
  }

  @Test
  void canary_goesFirst_unlessItIsDoneOrHasFailed() throws SQLException {
    MigrationId id = rows.insert(State.AWAITING_CONFIRMATION, 0);
    rows.set(id, "canary_ids = 20");
    assertThat(asked(id, Desired.RUNNING).state()).isEqualTo(State.CANARY);

    rows.set(id, "state = 'paused', reason = 'canary_failed'");
    assertThat(asked(id, Desired.RUNNING).state()).isEqualTo(State.RUNNING);
    assertThat(sql.number("select count(*) from migration where canary_done")).isOne();

    rows.set(id, "state = 'paused', reason = 'operator'");
    assertThat(asked(id, Desired.RUNNING).state()).isEqualTo(State.RUNNING);

    rows.set(id, "state = 'canary', next_state = 'paused', next_reason = 'canary_failed'");
    assertThat(asked(id, Desired.RUNNING).state()).isEqualTo(State.RUNNING); // nor judged anew
    assertThat(sql.number("select count(*) from migration where next_state is null")).isOne();

    rows.set(id, "state = 'paused', canary_done = false, canary_ids = 50");
    assertThat(asked(id, Desired.RUNNING).state()).isEqualTo(State.RUNNING); // no more than that
  }

  @Test
  void settings_changeTogetherWithTheState_orNotAtAll() throws SQLException {
    MigrationId id = rows.insert(State.PAUSED, 0);
    Instant deadline = clock.instant().plus(Duration.ofDays(3));
    Change change =
        new Change(
            Desired.RUNNING,
            Optional.of("CRM"),
            Optional.of(deadline),
            Optional.of(1_000L),
            0.5,
            Map.of("a", "b"));

    Migration after = changed(id, change, OptionalLong.of(1));
    assertThat(after.revision()).isEqualTo(2);
    assertThat(after.state()).isEqualTo(State.RUNNING);
    assertThat(after.settings().name()).isEqualTo("CRM");
    assertThat(after.settings().labels()).isEqualTo(Map.of("a", "b"));
    assertThat(after.settings().quotaCap()).isEqualTo(1_000);
    assertThat(after.settings().share()).isEqualTo(0.5);
    assertThat(after.effectiveDeadline()).isCloseTo(deadline, within(1, ChronoUnit.MILLIS));
    assertThat(after.eta().requiredIdsPerSecond()).isPositive();
    assertThat(changed(id, change, OptionalLong.of(2)).revision()).isEqualTo(2); // once more

    rows.set(id, "state = 'completed', finished_at = ledger_now()");
    assertThatThrownBy(() -> changed(id, quotaCap(7), OptionalLong.empty()))
        .isInstanceOf(IllegalTransition.class);
    assertThatThrownBy(
            () ->
                changed(
                    id,
                    new Change(Desired.PAUSED, Optional.of("X"), null, null, null, null),
                    OptionalLong.empty()))
        .isInstanceOf(IllegalTransition.class);
    assertThat(changed(id, quotaCap(1_000), OptionalLong.empty()).revision()).isEqualTo(2);
    Change names = new Change(null, Optional.empty(), null, null, null, Map.of());
    Migration renamed = changed(id, names, OptionalLong.empty());
    assertThat(renamed.revision()).isEqualTo(3);
    assertThat(renamed.settings().name()).isNull();
  }

  private static Change quotaCap(long cap) {
    return new Change(null, null, null, Optional.of(cap), null, null);
  }

  @Test
  void whoeverHasSeenAnotherRevision_changesNothing_beforeAnythingElseIsLookedAt()
      throws SQLException {
    MigrationId id = rows.insert(State.COMPLETED, 0);
    Change illegal = new Change(Desired.RUNNING, null, null, null, null, null);
    assertThatThrownBy(() -> changed(id, illegal, OptionalLong.of(2)))
        .isInstanceOf(Migrations.OtherRevision.class);
    assertThat(
            migrations.change(
                MigrationId.create(clock.instant()), illegal, "crm", OptionalLong.empty()))
        .isEmpty();
  }

  @Test
  void prospects_neverContradictTheState() throws SQLException {
    MigrationId id = rows.insert(State.RUNNING, 10);
    Migration first = found(id);
    assertThat(first.eta().reason()).isEqualTo("not_estimated_yet");
    assertThat(first.bottleneck().what()).isEqualTo(What.UPSTREAM_RATE);
    assertThat(first.counts().inFlight()).isEqualTo(10);
    assertThat(first.counts().remaining()).isEqualTo(40);
    assertThat(first.bill().fill()).isEqualTo(1);

    rows.set(
        id,
        "eta_p50 = ledger_now() - interval '1 hour', eta_p90 = ledger_now() + interval '1 hour', eta_reason = '',"
            + " bottleneck = 'queue', bottleneck_position = 2, calls = 2, asked = 300");
    Migration late = found(id);
    assertThat(late.eta().p50()).isAfter(clock.instant().minusSeconds(1));
    assertThat(late.eta().p90()).isAfter(clock.instant().plusSeconds(3_000));
    assertThat(late.eta().reason()).isNull();
    assertThat(late.bottleneck().position()).isEqualTo(2);
    assertThat(late.bill().fill()).isEqualTo(0.75);

    rows.set(id, "state = 'awaiting_confirmation', eta_resumed = ledger_now() + interval '1 hour'");
    Migration waiting = found(id);
    assertThat(waiting.eta().p50()).isNull();
    assertThat(waiting.eta().ifResumedNow()).isNotNull();
    assertThat(waiting.eta().reason()).isEqualTo("awaiting_confirmation");
    assertThat(waiting.bottleneck().what()).isEqualTo(What.CONFIRMATION);

    rows.set(id, "state = 'uploading'");
    assertThat(found(id).counts()).isNull();
    assertThat(found(id).eta().reason()).isEqualTo("uploading");
    assertThat(found(id).bottleneck()).isNull();

    rows.set(id, "state = 'completed', finished_at = ledger_now(), on_track = false");
    Migration over = found(id);
    assertThat(over.eta()).isEqualTo(new Migration.Eta(null, null, null, null, true, null));
    assertThat(over.bottleneck()).isNull();
  }

  @Test
  void deadline_isTheEndOfTheWindow_ifThatComesFirst() throws SQLException {
    Instant end = Instant.parse("2040-01-01T00:00:00Z");
    MigrationId id = rows.insert(State.RUNNING, 0);
    migrations = new Migrations(new Transactions(dataSource), lists, 200, end);
    assertThat(found(id).effectiveDeadline()).isEqualTo(end);
    rows.set(id, "deadline = '2039-01-01Z'");
    assertThat(found(id).effectiveDeadline()).isEqualTo(Instant.parse("2039-01-01T00:00:00Z"));
    rows.set(id, "deadline = '2041-01-01Z'");
    assertThat(found(id).effectiveDeadline()).isEqualTo(end);
    assertThat(found(id).settings().deadline()).isEqualTo(Instant.parse("2041-01-01T00:00:00Z"));
  }

  @Test
  void list_isReadPageByPage_throughItsFilters() throws SQLException {
    List<MigrationId> ids = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      ids.add(0, rows.insert(i % 2 == 0 ? State.RUNNING : State.COMPLETED, 0));
      clock.advance(Duration.ofSeconds(1));
      rows.set(ids.get(0), "labels = '{\"team\":\"t" + i / 2 + "\",\"x\":\"y\"}'");
    }
    ids.sort(Comparator.comparing(MigrationId::toString).reversed());

    assertThat(ids(migrations.list(ALL, null, 4))).isEqualTo(ids.subList(0, 4));
    assertThat(ids(migrations.list(ALL, ids.get(3), 4))).isEqualTo(ids.subList(4, 6));
    assertThat(migrations.list(new Filter(null, State.RUNNING, Map.of()), null, 9)).hasSize(3);
    assertThat(migrations.list(new Filter(new PageId(100), null, Map.of()), null, 9)).hasSize(6);
    assertThat(migrations.list(new Filter(new PageId(101), null, Map.of()), null, 9)).isEmpty();
    Map<String, String> labels = Map.of("team", "t1", "x", "y");
    assertThat(migrations.list(new Filter(null, null, labels), null, 9)).hasSize(2);
    assertThat(migrations.list(new Filter(null, State.RUNNING, labels), null, 9)).hasSize(1);
    assertThat(migrations.marks(Set.of(ids.get(0), MigrationId.create(clock.instant()))))
        .containsOnlyKeys(ids.get(0));
  }

  static Stream<Filter> filters() {
    return Stream.of(
        ALL,
        new Filter(new PageId(100), null, Map.of()),
        new Filter(null, State.RUNNING, Map.of()),
        new Filter(new PageId(100), State.RUNNING, Map.of("a", "b")));
  }

  @ParameterizedTest
  @MethodSource("filters")
  void list_readsNoMoreThanItShows_andSortsNothing(Filter filter) throws SQLException {
    sql.execute(
        """
        insert into migration (id, list_no, page_id, created_by, created_at, desired, state, format, width,
                               received, malformed)
        select gen_random_uuid(), i, 100, 'crm', now(), 'running', 'completed', 'text', 1, 0, 0
          from generate_series(1, 1000) i
        """,
        "analyze migration");
    SqlRecorder recorder = new SqlRecorder();
    Transactions recorded = new Transactions(recorder.over(dataSource));
    new Migrations(recorded, lists, 200, null)
        .list(filter, MigrationId.create(clock.instant()), 100);

    List<SqlStatement> sent = recorder.take();
    SqlStatement list = sent.get(sent.size() - 1);
    String types =
        list.parameters().stream().map(SqlStatement.Parameter::type).collect(joining(", "));
    String values =
        list.parameters().stream().map(SqlStatement.Parameter::value).collect(joining(", "));
    assertThat(plan(list.text(), types, values))
        .contains("Index Scan Backward")
        .doesNotContain("Seq Scan", "Sort");
  }

  /** As planned under the settings of the list's own statement. */
  private String plan(String text, String types, String values) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("set enable_seqscan = off; set enable_bitmapscan = off");
      statement.execute("prepare p (" + types + ") as " + text);
      try (ResultSet lines = statement.executeQuery("explain execute p (" + values + ")")) {
        StringBuilder plan = new StringBuilder();
        while (lines.next()) {
          plan.append(lines.getString(1)).append('\n');
        }
        return plan.toString();
      }
    }
  }

  @Test
  void end_letsItGoWithItsListAndItsKey_andNothingElseDoes() throws Exception {
    NewList list = lists.create();
    MigrationId id = rows.insert(State.RUNNING, 0);
    rows.set(id, "list_no = " + list.no());
    sql.execute(
        "insert into migration_key (caller, page_id, key, list_no, migration_id) values ('crm', 100, 'k', "
            + list.no()
            + ", '"
            + id.value()
            + "')");
    assertThatThrownBy(() -> migrations.delete(id))
        .isInstanceOfSatisfying(
            IllegalTransition.class, e -> assertThat(e.legal()).isEqualTo(State.RUNNING.legal()));
    asked(id, Desired.CANCELLED);

    assertThat(migrations.delete(id)).isTrue();
    assertThat(migrations.delete(id)).isFalse();
    assertThat(
            sql.number(
                "select (select count(*) from migration) + (select count(*) from migration_event)"
                    + " + (select count(*) from migration_key) + (select count(*) from list where no = "
                    + list.no()
                    + ") + (select count(*) from pg_class where relname like 'list\\_%\\_row')"))
        .isZero();
  }

  @Test
  void sweep_removesWhatEndedLongAgo() throws SQLException {
    MigrationId old = rows.insert(State.COMPLETED, 0);
    MigrationId open = rows.insert(State.PAUSED, 0);
    clock.advance(Duration.ofDays(8));
    MigrationId late = rows.insert(State.FAILED, 0);

    sweep(null);
    assertThat(migrations.list(ALL, null, 9)).hasSize(3);
    sweep(Duration.ofDays(7));
    assertThat(ids(migrations.list(ALL, null, 9))).containsExactlyInAnyOrder(open, late);
    assertThat(migrations.find(old)).isEmpty();
  }

  private void sweep(@Nullable Duration retention) {
    MigrationConfig config =
        new MigrationConfig() {
          @Override
          public long confirmAbove() {
            return 0;
          }

          @Override
          public Optional<Duration> retention() {
            return Optional.ofNullable(retention);
          }
        };
    new MigrationSweep(new Transactions(dataSource), migrations, config).sweep();
  }

  private static List<@Nullable MigrationId> ids(List<Migration> found) {
    return found.stream().map(Migration::id).toList();
  }

  private Migration found(MigrationId id) throws SQLException {
    return migrations.find(id).orElseThrow();
  }

  private Migration asked(MigrationId id, Desired desired) throws SQLException {
    return changed(id, new Change(desired, null, null, null, null, null), OptionalLong.empty());
  }

  private Migration changed(MigrationId id, Change change, OptionalLong ifRevision)
      throws SQLException {
    return migrations.change(id, change, "crm", ifRevision).orElseThrow();
  }
}
