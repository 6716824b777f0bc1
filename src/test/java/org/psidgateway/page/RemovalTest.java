package org.psidgateway.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agroal.api.AgroalDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.db.Transactions;
import org.psidgateway.ledger.Decision;
import org.psidgateway.ledger.Decision.Denied;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Ledger;
import org.psidgateway.ledger.Ledgers;
import org.psidgateway.ledger.Settlement;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Usage;
import org.psidgateway.page.Pages.PageInUse;
import org.psidgateway.testing.OneCaller;
import org.psidgateway.testing.Sql;
import org.psidgateway.testing.Tariffs;

/** How Pages end, and how they come back. */
@QuarkusTest
class RemovalTest {
  private static final PageId PAGE = new PageId(4_200);
  private static final PageId OTHER = new PageId(4_201);
  private static final Map<String, String> SEED =
      Map.of("GATEWAY_PAGES__4200__TOKEN", "seeded", "GATEWAY_PAGES__4200__NAME", "Shop");

  private final Pages pages;
  private final PageRefresh refresh;
  private final PageRepository repository;
  private final TokenCipher cipher;
  private final Transactions transactions;
  private final InstantSource clock;
  private final MeterRegistry registry;
  private final AgroalDataSource database;
  private final Sql sql;
  private final Ledger ledger;

  RemovalTest(
      Pages pages,
      PageRefresh refresh,
      PageRepository repository,
      TokenCipher cipher,
      Transactions transactions,
      InstantSource clock,
      MeterRegistry registry,
      AgroalDataSource database) {
    this.pages = pages;
    this.refresh = refresh;
    this.repository = repository;
    this.cipher = cipher;
    this.transactions = transactions;
    this.clock = clock;
    this.registry = registry;
    this.database = database;
    this.sql = new Sql(database);
    this.ledger = Ledgers.unlimited().on(database);
  }

  @BeforeEach
  void onePage() {
    nothing();
    save(PAGE, 1_000L);
    pages.setToken(PAGE, "token");
  }

  /** Other tests share the database. */
  @AfterEach
  void nothing() {
    sql.execute(
        "delete from page",
        "delete from removed_page",
        "delete from claim",
        "delete from staging",
        "delete from view_change where page_id in (4200, 4201)",
        "delete from mapping where page_id in (4200, 4201)",
        "delete from call where page_id in (4200, 4201)",
        "update budget set held = 0, committed = 0, uncertain = 0, sealed_at = null",
        "update standing set suspicion = null, cooldown_until = 'epoch', strikes = 0, probe = null");
    refresh.read();
  }

  private Pages.Saved save(PageId page, @Nullable Long fans) {
    return pages.save(page, new PageChange(Edit.to("Shop"), Edit.to(fans), null, null));
  }

  private PageEntity row() {
    return QuarkusTransaction.requiringNew().call(() -> repository.findById(PAGE.value()));
  }

  private void seed(Map<String, String> env) {
    new Seeding(transactions, SeedsTest.seeds(env), repository, cipher, refresh, clock).apply();
    refresh.read();
  }

  private static Ledger.Request request(long asid) {
    return new Ledger.Request(
        UUID.randomUUID(),
        PAGE,
        Lane.INTERACTIVE,
        new long[] {asid},
        OneCaller.of(asid),
        Map.of(PAGE, new long[] {asid}),
        Set.of(),
        Tariffs.PER_BATCH,
        false,
        false,
        Duration.ofSeconds(10));
  }

  private void settle(Granted granted) throws SQLException {
    ledger.settle(
        Settlement.answered(granted.call(), Findings.of(granted.asids(), 77), 1, Usage.UNKNOWN));
  }

  // ---------------------------------------------------------------------------------- removing

  @Test
  void removedPage_isGone_andTheOthersHearOfIt() throws SQLException {
    save(OTHER, 500L);
    sql.execute("insert into standing (page_id) values (4200) on conflict do nothing");
    String rows = "select count(*) from invalidation where what = 'page' and page_id = 4200";
    long told = sql.number(rows);

    Pages.Saved removed = pages.remove(PAGE).orElseThrow();

    assertThat(removed.fansBefore()).isEqualTo(OptionalLong.of(1_500));
    assertThat(removed.fansAfter()).isEqualTo(OptionalLong.of(500));
    assertThat(pages.find(PAGE)).isEmpty();
    assertThat(pages.remove(PAGE)).isEmpty();
    assertThat(sql.number(rows)).isGreaterThan(told);
    assertThat(sql.number("select count(*) from standing where page_id = 4200")).isZero();
    assertThat(((Denied) reserve(1)).why()).isEqualTo(Fate.PAGE_PAUSED);
  }

  private Decision reserve(long asid) throws SQLException {
    return ledger.reserve(request(asid));
  }

  @Test
  void pageThatIsRegisteredAnew_hasNoToken_andCountsItsTokensOn() throws SQLException {
    pages.remove(PAGE);

    assertThat(save(PAGE, null).created()).isTrue();

    Page page = pages.find(PAGE).orElseThrow();
    assertThat(page.hasToken()).isFalse();
    assertThat(page.paused()).isFalse();
    assertThat(((Denied) reserve(1)).why()).isEqualTo(Fate.TOKEN_INVALID);
    pages.pauseFor(PAGE, 1, "token_invalid"); // of a call of the former Page's
    pages.setToken(PAGE, "another");
    pages.pauseFor(PAGE, 1, "token_invalid");
    assertThat(row().view()).returns(2, Page::tokenRevision).returns(false, Page::paused);
    assertThat(reserve(1)).isInstanceOf(Granted.class);
  }

  @Test
  void pageWithMappings_isNotRemoved() throws SQLException {
    settle((Granted) reserve(1));

    assertThatThrownBy(() -> pages.remove(PAGE))
        .isInstanceOfSatisfying(PageInUse.class, why -> assertThat(why.hasMappings()).isTrue());
    assertThat(pages.find(PAGE)).isPresent();
  }

  @Test
  void pageWithACallUnderWay_isNotRemoved() throws SQLException {
    Granted granted = (Granted) reserve(1);

    assertThatThrownBy(() -> pages.remove(PAGE))
        .isInstanceOfSatisfying(PageInUse.class, why -> assertThat(why.hasMappings()).isFalse());

    ledger.settle(Settlement.unsent(granted.call(), "late"));
    assertThat(pages.remove(PAGE)).isPresent();
  }

  @Test
  void pageWithAnImportUnderWay_isNotRemoved() throws SQLException {
    sql.execute("insert into staging values ('staging_x', 4200, now() + interval '1 minute')");

    assertThatThrownBy(() -> pages.remove(PAGE))
        .isInstanceOfSatisfying(PageInUse.class, why -> assertThat(why.hasMappings()).isFalse());

    sql.execute("delete from staging");
    assertThat(pages.remove(PAGE)).isPresent();
  }

  @Test
  void importThatEndsWhileThePageIsLookedAt_keepsIt() throws Exception {
    ExecutorService pods = Executors.newSingleThreadExecutor();
    try (Connection merge = database.getConnection();
        Statement statement = merge.createStatement()) {
      merge.setAutoCommit(false);
      statement.execute("select 1 from page where page_id = 4200 for key share");
      Future<?> removal = pods.submit(() -> pages.remove(PAGE));
      await().until(() -> sql.lockWaits() == 1); // there was nothing to be seen before
      statement.execute(
          "insert into mapping (page_id, asid, psid, resolved_at) values (4200, 1, 2, now())");
      statement.execute("insert into view_change (page_id, what) values (4200, 'import')");
      merge.commit();
      merge.setAutoCommit(true);

      assertThatThrownBy(removal::get)
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseInstanceOf(PageInUse.class);
    } finally {
      pods.shutdownNow();
    }
    assertThat(sql.number("select count(*) from page where page_id = 4200")).isEqualTo(1);
  }

  /** Both wait for the budget row, which serves them in the order in which they came. */
  private <A, B> void race(
      Callable<A> first, Callable<B> second, Outcome<Future<A>, Future<B>> outcome)
      throws Exception {
    ExecutorService pods = Executors.newFixedThreadPool(2);
    try (Connection holder = database.getConnection();
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("select 1 from budget for update");
      Future<A> one = pods.submit(first);
      await().until(() -> sql.lockWaits() == 1);
      Future<B> two = pods.submit(second);
      await().until(() -> sql.lockWaits() == 2);
      holder.rollback();
      holder.setAutoCommit(true);
      outcome.of(one, two);
    } finally {
      pods.shutdownNow();
    }
  }

  private interface Outcome<A, B> {
    void of(A first, B second) throws Exception;
  }

  @Test
  void callThatIsGrantedWhileThePageIsLookedAt_keepsIt() throws Exception {
    race(
        () -> reserve(1),
        () -> pages.remove(PAGE),
        (reserve, removal) -> {
          settle((Granted) reserve.get());
          assertThatThrownBy(removal::get)
              .isInstanceOf(ExecutionException.class)
              .hasRootCauseInstanceOf(PageInUse.class);
        });
    assertThat(sql.number("select count(*) from page where page_id = 4200")).isEqualTo(1);
  }

  @Test
  void callThatComesWhileThePageIsRemoved_isNotGranted() throws Exception {
    race(
        () -> pages.remove(PAGE),
        () -> reserve(1),
        (removal, reserve) -> {
          assertThat(removal.get()).isPresent();
          assertThat(((Denied) reserve.get()).why()).isEqualTo(Fate.PAGE_PAUSED);
        });
    assertThat(sql.number("select count(*) from call where page_id = 4200")).isZero();
    assertThat(sql.number("select count(*) from claim where page_id = 4200")).isZero();
  }

  // --------------------------------------------------------------------------------- archiving

  @Test
  void archivedPage_keepsItsMappings_andAsksForNothing() throws SQLException {
    settle((Granted) reserve(1));
    Granted underWay = (Granted) reserve(2);
    save(OTHER, 500L);

    Pages.Saved archived = pages.archive(PAGE).orElseThrow();

    assertThat(archived.page())
        .returns(true, Page::archived)
        .returns(true, Page::paused)
        .returns(false, Page::hasToken)
        .returns(null, Page::fans)
        .returns("Shop", Page::name);
    assertThat(archived.fansAfter()).as("the others'").isEqualTo(OptionalLong.of(500));
    assertThat(((Denied) reserve(3)).why()).isEqualTo(Fate.PAGE_PAUSED);
    settle(underWay);
    assertThat(sql.number("select count(*) from mapping where page_id = 4200")).isEqualTo(2);
    assertThat(registry.get("gateway.pages.paused").gauge().value()).isZero();
    assertThat(pages.archive(PAGE)).get().extracting(Pages.Saved::page).isEqualTo(archived.page());
    assertThat(pages.archive(new PageId(4_299))).isEmpty();
  }

  @Test
  void archivedPage_isRevivedByAToken_andByNothingElse() throws SQLException {
    pages.archive(PAGE);

    pages.save(PAGE, new PageChange(Edit.to("Other"), Edit.keep(), null, false));
    assertThat(row().view()).returns(true, Page::archived).returns("Other", Page::name);
    assertThat(((Denied) reserve(1)).why()).isEqualTo(Fate.PAGE_PAUSED);

    Pages.Saved revived = pages.setToken(PAGE, "another").orElseThrow();
    assertThat(revived.page()).returns(false, Page::archived).returns(false, Page::paused);
    assertThat(revived.fansAfter()).isEmpty();
    assertThat(reserve(1)).isInstanceOf(Granted.class);
  }

  // ------------------------------------------------------------------------------------- seeds

  @Test
  void seedThatIsStillConfigured_doesNotBringARemovedPageBack() throws SQLException {
    seed(SEED);
    pages.remove(PAGE);

    seed(SEED);
    assertThat(pages.find(PAGE)).isEmpty();
    seed(Map.of("GATEWAY_PAGES__4200__NAME", "another", "GATEWAY_PAGES__4200__FANS", "5"));
    assertThat(pages.find(PAGE)).isEmpty();

    seed(Map.of("GATEWAY_PAGES__4200__TOKEN", "newer", "GATEWAY_PAGES__4200__NAME", "Shop"));
    assertThat(row().view()).returns("Shop", Page::name).returns(true, Page::hasToken);
  }

  @Test
  void seedOfARemovedPage_doesNotUndoThePutThatBringsItBack() throws SQLException {
    seed(SEED);
    pages.remove(PAGE);
    pages.save(PAGE, new PageChange(Edit.to("put"), Edit.keep(), null, null));

    seed(SEED);

    assertThat(row().view()).returns("put", Page::name).returns(true, Page::hasToken);
  }

  @Test
  void seedThatIsStillConfigured_doesNotReviveAnArchivedPage() {
    seed(SEED);
    pages.archive(PAGE);

    seed(SEED);
    assertThat(row().view()).returns(true, Page::archived).returns(false, Page::hasToken);

    seed(Map.of("GATEWAY_PAGES__4200__TOKEN", "newer"));
    assertThat(row().view()).returns(false, Page::archived).returns(true, Page::hasToken);
  }
}
