package org.psidgateway.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agroal.api.AgroalDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.db.Transactions;
import org.psidgateway.model.PageId;
import org.psidgateway.page.Pages.TooManyTestPages;
import org.psidgateway.secrets.Secrets;
import org.psidgateway.testing.LogLines;
import org.psidgateway.testing.Sql;

@QuarkusTest
class PagesTest {
  private static final PageId PAGE = new PageId(100);
  private static final PageId OTHER = new PageId(200);
  private static final String TOKEN = "EAAB-a-token-of-a-page";

  @Inject Pages pages;
  @Inject Transactions transactions;
  @Inject PageRepository repository;
  @Inject PageMemory memory;
  @Inject PageRefresh refresh;
  @Inject TokenCipher cipher;
  @Inject InstantSource clock;
  @Inject MeterRegistry registry;
  @Inject AgroalDataSource database;

  @ConfigProperty(name = "quarkus.datasource.jdbc.url")
  String url;

  @ConfigProperty(name = "quarkus.datasource.username")
  String user;

  @ConfigProperty(name = "quarkus.datasource.password")
  String password;

  @BeforeEach
  void noPages() throws Exception {
    sql().execute("delete from page", "delete from removed_page");
    refresh.read();
  }

  // ------------------------------------------------------------------------------------ saving

  /** Null keeps the present value. */
  private Pages.Saved save(
      PageId page,
      @Nullable String name,
      @Nullable Long fans,
      @Nullable Boolean testPage,
      @Nullable Boolean paused) {
    return pages.save(
        page,
        new PageChange(
            name == null ? Edit.keep() : Edit.to(name),
            fans == null ? Edit.keep() : Edit.to(fans),
            testPage,
            paused));
  }

  @Test
  void save_keepsWhatIsAbsent() {
    assertThat(save(PAGE, "Shop", 12L, true, true).created()).isTrue();

    Pages.Saved saved = save(PAGE, null, 13L, null, null);

    assertThat(saved.created()).isFalse();
    Page page = saved.page();
    assertThat(page.name()).isEqualTo("Shop");
    assertThat(page.fans()).isEqualTo(13);
    assertThat(page.testPage()).isTrue();
    assertThat(page.paused()).isTrue();
    assertThat(page.pauseReason()).isEqualTo("operator");
    assertThat(page.tokenRevision()).isZero();
  }

  @Test
  void find_seesOwnWrites_atOnce() throws Exception {
    Page saved = save(PAGE, "Shop", null, null, null).page();

    assertThat(pages.remembers(PAGE)).isTrue();
    assertThat(pages.find(PAGE)).contains(saved);
    refresh.read();
    assertThat(pages.find(PAGE)).contains(saved);
    assertThat(pages.remembers(OTHER)).isFalse();
    assertThat(pages.find(OTHER)).isEmpty();
  }

  @Test
  void find_fallsThroughToTheTable_whenThePageIsUnknown() throws Exception {
    // Unheard of: or a look for changes at this very moment would find it first.
    sql()
        .execute(
            "set session_replication_role = replica;"
                + " insert into page (page_id, name) values (100, 'of another pod');"
                + " reset session_replication_role");

    assertThat(pages.remembers(PAGE)).isFalse();
    assertThat(pages.find(PAGE)).get().extracting(Page::name).isEqualTo("of another pod");
    assertThat(pages.remembers(PAGE)).isTrue();
  }

  @Test
  void changesOfOtherPods_arrive_withinSeconds() throws Exception {
    save(PAGE, "Shop", null, null, null);
    sql().execute("update page set paused = true, updated_at = updated_at + interval '1 second'");

    await()
        .atMost(Duration.ofSeconds(8))
        .untilAsserted(() -> assertThat(pages.find(PAGE).orElseThrow().paused()).isTrue());
  }

  @Test
  void pageRemovedElsewhere_isForgotten_withinSeconds() throws Exception {
    save(PAGE, "Shop", null, null, null);
    save(OTHER, "Kiosk", null, null, null);
    sql().execute("delete from page where page_id = 100");

    await().atMost(Duration.ofSeconds(8)).until(() -> !pages.remembers(PAGE));
    assertThat(pages.remembers(OTHER)).isTrue();
  }

  @Test
  void everyChange_isARowForTheOtherPods_inTheSameTransaction() throws Exception {
    String rows = "select count(*) from invalidation where what = 'page' and page_id = 100";
    long before = sql().number(rows);
    QuarkusTransaction.begin();
    repository.lockOrCreate(PAGE.value());
    QuarkusTransaction.rollback();
    assertThat(sql().number(rows)).isEqualTo(before);

    save(PAGE, null, null, null, null);
    long saved = sql().number(rows);
    pages.setToken(PAGE, TOKEN);
    long token = sql().number(rows);
    pages.pauseFor(PAGE, 1, "token_invalid");
    long paused = sql().number(rows);
    seeding(cipher, Map.of("GATEWAY_PAGES__100__NAME", "seeded")).apply();

    assertThat(List.of(before, saved, token, paused, sql().number(rows)))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void missingPage_isAskedForOnce_untilSomebodyMakesIt() throws Exception {
    assertThat(pages.find(PAGE)).isEmpty();
    assertThat(pages.isMissing(PAGE)).isTrue();
    insertUnheard(PAGE);
    assertThat(pages.find(PAGE)).as("remembered to be missing").isEmpty();

    refresh.pagesChanged(Set.of(PAGE));
    assertThat(pages.isMissing(PAGE)).isFalse();
    assertThat(pages.find(PAGE)).isPresent();

    assertThat(pages.find(OTHER)).isEmpty();
    save(OTHER, "own", null, null, null);
    assertThat(pages.isMissing(OTHER)).isFalse();
    assertThat(pages.find(OTHER)).isPresent();
  }

  @Test
  void missingPage_isAskedForAnew_whenAnythingMayHaveChanged() {
    assertThat(pages.find(PAGE)).isEmpty();
    refresh.anythingMayHaveChanged();
    assertThat(pages.isMissing(PAGE)).isFalse();
  }

  /** As if the message had not come yet. */
  private void insertUnheard(PageId page) throws SQLException {
    sql().execute("insert into page (page_id) values (" + page + ")");
    sql().execute("delete from invalidation");
  }

  @Test
  void all_isInOrderOfTheIds() throws Exception {
    save(OTHER, null, null, null, null);
    sql().execute("insert into page (page_id) values (100)");

    assertThat(pages.all()).extracting(Page::id).containsExactly(PAGE, OTHER);
  }

  @Test
  void remember_keepsTheNewerView_whateverComesLast() {
    save(PAGE, "old", null, null, null);
    PageEntity old = row(PAGE);
    Page changed = save(PAGE, "new", null, null, null).page();

    memory.remember(old, null);

    assertThat(pages.find(PAGE)).contains(changed);
    assertThat(changed.updatedAt()).isAfter(old.updatedAt);
  }

  @Test
  void save_isNewer_evenWhereTheClockOfThePodIsLate() throws Exception {
    save(PAGE, "old", null, null, null);
    sql().execute("update page set updated_at = updated_at + interval '1 hour'");
    refresh.read();

    save(PAGE, "new", null, null, null);

    assertThat(pages.find(PAGE).orElseThrow().name()).isEqualTo("new");
  }

  // -------------------------------------------------------------------------------- test pages

  @Test
  void save_refusesASixthTestPage_andLeavesNothing() {
    for (int id = 1; id <= 5; id++) {
      save(new PageId(id), null, null, true, null);
    }

    assertThatThrownBy(() -> save(PAGE, "Shop", null, true, null))
        .isInstanceOf(TooManyTestPages.class);
    assertThat(pages.find(PAGE)).isEmpty();
    assertThat(save(new PageId(5), "again", null, true, null).created()).isFalse();
    save(new PageId(1), null, null, false, null);
    assertThat(save(PAGE, "Shop", null, true, null).page().testPage()).isTrue();
  }

  @Test
  void save_letsExactlyOneIn_whenSeveralRaceForTheFifthTestPage() throws Exception {
    int racers = 4;
    ExecutorService pods = Executors.newFixedThreadPool(racers);
    try {
      for (int round = 0; round < 10; round++) {
        sql().execute("delete from page");
        sql()
            .execute(
                "insert into page (page_id, test_page) select i, true from generate_series(1, 4) i");
        CyclicBarrier start = new CyclicBarrier(racers);
        List<Future<Boolean>> outcomes = new ArrayList<>();
        for (int racer = 0; racer < racers; racer++) {
          PageId page = new PageId(100 + racer);
          outcomes.add(
              pods.submit(
                  () -> {
                    start.await();
                    try {
                      return save(page, null, null, true, null).created();
                    } catch (TooManyTestPages refused) {
                      return false;
                    }
                  }));
        }
        int let = 0;
        for (Future<Boolean> outcome : outcomes) {
          let += outcome.get() ? 1 : 0;
        }
        assertThat(let).isEqualTo(1);
        assertThat(sql().number("select count(*) from page where test_page")).isEqualTo(5);
      }
    } finally {
      pods.shutdownNow();
    }
  }

  // ------------------------------------------------------------------------------------ tokens

  @Test
  void byToken_findsThePageThatHasItNow() {
    save(PAGE, "one", null, null, null);
    save(new PageId(PAGE.value() + 1), "without a token", null, null, null);
    pages.setToken(PAGE, TOKEN);
    assertThat(pages.byToken(TOKEN)).map(Page::id).contains(PAGE);
    assertThat(pages.byToken(TOKEN + "x")).isEmpty();
    assertThat(pages.byToken("")).isEmpty();

    pages.setToken(PAGE, "the next");

    assertThat(pages.byToken(TOKEN)).isEmpty();
    assertThat(pages.byToken("the next")).map(Page::id).contains(PAGE);
  }

  @Test
  void token_isThatOfItsRevision_andNoOther() {
    save(PAGE, null, null, null, null);
    assertThat(pages.token(PAGE, 0)).isEmpty();

    assertThat(pages.setToken(PAGE, TOKEN)).isPresent();
    assertThat(pages.find(PAGE).orElseThrow().tokenRevision()).isEqualTo(1);
    assertThat(pages.token(PAGE, 1)).contains(TOKEN);

    pages.setToken(PAGE, "the next");
    assertThat(pages.token(PAGE, 1)).isEmpty();
    assertThat(pages.token(PAGE, 2)).contains("the next");
    assertThat(pages.token(PAGE, 3)).isEmpty();
  }

  @Test
  void rowWins_overANewerMemory_afterAFailOverThatLostTheChange() throws Exception {
    save(PAGE, null, null, null, null);
    pages.setToken(PAGE, TOKEN);
    pages.setToken(PAGE, "lost");
    goBackTo(1, TOKEN);

    assertThat(pages.token(PAGE, 1)).as("by the revision that was granted").contains(TOKEN);
    assertThat(pages.find(PAGE).orElseThrow().tokenRevision()).isEqualTo(1);

    pages.setToken(PAGE, "lost again");
    goBackTo(1, TOKEN);
    refresh.anythingMayHaveChanged();
    assertThat(pages.find(PAGE).orElseThrow().tokenRevision()).isEqualTo(1);
    assertThat(pages.token(PAGE, 1)).contains(TOKEN);
  }

  @Test
  void tokenOfTheSameRevision_isTheRows_whenThatWasGivenTwice() throws Exception {
    save(PAGE, null, null, null, null);
    pages.setToken(PAGE, "lost");
    goBackTo(1, TOKEN);

    refresh.anythingMayHaveChanged();

    assertThat(pages.token(PAGE, 1)).contains(TOKEN);
  }

  @Test
  void pageThatTheDatabaseForgot_isForgotten() throws Exception {
    save(PAGE, null, null, null, null);
    pages.setToken(PAGE, TOKEN);
    sql().execute("delete from page");

    assertThat(pages.token(PAGE, 2)).isEmpty();
    assertThat(pages.remembers(PAGE)).isFalse();
  }

  private void goBackTo(int revision, String token) throws SQLException {
    try (Connection connection = database.getConnection();
        var update =
            connection.prepareStatement(
                "update page set token = ?, token_revision = ?,"
                    + " updated_at = updated_at - interval '1 minute'")) {
      update.setBytes(1, cipher.encrypt(PAGE, token));
      update.setInt(2, revision);
      update.executeUpdate();
    }
  }

  @Test
  void setToken_isEmpty_whenThePageIsNotRegistered() {
    assertThat(pages.setToken(PAGE, TOKEN)).isEmpty();
    assertThat(pages.find(PAGE)).isEmpty();
    assertThat(pages.token(PAGE, 1)).isEmpty();
  }

  @Test
  void token_isFound_whenAnotherPodSetIt() throws Exception {
    save(PAGE, null, null, null, null);
    try (Connection connection = database.getConnection();
        var update =
            connection.prepareStatement(
                "update page set token = ?, token_revision = 1, updated_at = clock_timestamp()")) {
      update.setBytes(1, cipher.encrypt(PAGE, TOKEN));
      update.executeUpdate();
    }

    assertThat(pages.token(PAGE, 1)).contains(TOKEN);
  }

  @Test
  void table_holdsNoTokenInTheClear() {
    save(PAGE, null, null, null, null);
    pages.setToken(PAGE, TOKEN);

    assertThat(new String(row(PAGE).token, StandardCharsets.ISO_8859_1)).doesNotContain(TOKEN);
    assertThat(memory.get(PAGE).toString()).doesNotContain(TOKEN);
  }

  @Test
  void token_isEmpty_whenTheCiphertextWasMovedFromAnotherPage() throws Exception {
    save(PAGE, null, null, null, null);
    pages.setToken(PAGE, TOKEN);
    sql()
        .execute(
            "insert into page (page_id, token, token_revision)"
                + " select 200, token, token_revision from page where page_id = 100");

    assertThat(pages.token(PAGE, 1)).contains(TOKEN);
    assertThat(pages.token(OTHER, 1)).isEmpty();
    assertThat(pages.find(OTHER).orElseThrow().tokenRevision()).isEqualTo(1);
  }

  // ------------------------------------------------------------------------------------- pause

  @Test
  void pauseFor_pauses_untilTheNextToken() {
    save(PAGE, null, null, null, null);
    pages.setToken(PAGE, TOKEN);

    pages.pauseFor(PAGE, 1, "token_invalid");
    assertThat(pages.find(PAGE).orElseThrow())
        .returns(true, Page::paused)
        .returns("token_invalid", Page::pauseReason);

    pages.setToken(PAGE, "the next");
    assertThat(pages.find(PAGE).orElseThrow())
        .returns(false, Page::paused)
        .returns(null, Page::pauseReason);
  }

  @Test
  void pauseFor_doesNothing_whenTheTokenHasBeenReplaced() throws Exception {
    save(PAGE, null, null, null, null);
    pages.setToken(PAGE, TOKEN);
    pages.setToken(PAGE, "the next");

    pages.pauseFor(PAGE, 1, "token_invalid");

    assertThat(pages.find(PAGE).orElseThrow().paused()).isFalse();
    assertThat(sql().number("select count(*) from page where paused")).isZero();
  }

  @Test
  void operatorsPause_outlivesTokens_andTheirErrors() {
    save(PAGE, null, null, null, null);
    pages.setToken(PAGE, TOKEN);
    save(PAGE, null, null, null, true);

    pages.pauseFor(PAGE, 1, "token_invalid");
    pages.setToken(PAGE, "the next");

    assertThat(pages.find(PAGE).orElseThrow())
        .returns(true, Page::paused)
        .returns("operator", Page::pauseReason);
    assertThat(save(PAGE, null, null, null, false).page())
        .returns(false, Page::paused)
        .returns(null, Page::pauseReason);
  }

  // ------------------------------------------------------------------------------------- seeds

  @Test
  void seeds_areAppliedOnce_andDoNotUndoAPut() {
    Map<String, String> env =
        Map.of("GATEWAY_PAGES__100__TOKEN", TOKEN, "GATEWAY_PAGES__100__NAME", "seeded");
    seeding(cipher, env).apply();
    assertThat(row(PAGE).view()).returns("seeded", Page::name).returns(1, Page::tokenRevision);
    save(PAGE, "put", null, null, null);
    pages.setToken(PAGE, "put");

    seeding(cipher, env).apply();
    assertThat(row(PAGE).view()).returns("put", Page::name).returns(2, Page::tokenRevision);
    assertThat(pages.token(PAGE, 2)).contains("put");

    seeding(
            cipher,
            Map.of("GATEWAY_PAGES__100__TOKEN", "newer", "GATEWAY_PAGES__100__NAME", "seeded"))
        .apply();
    assertThat(row(PAGE).view()).returns("put", Page::name).returns(3, Page::tokenRevision);
    assertThat(pages.token(PAGE, 3)).contains("newer");
  }

  @Test
  void podOfTheVersionBefore_thatRestartsInARollOut_doesNotSeedTheOldToken() {
    Seeding before = seeding(cipher, Map.of("GATEWAY_PAGES__100__TOKEN", "A"));
    Seeding after = seeding(cipher, Map.of("GATEWAY_PAGES__100__TOKEN", "B"));
    before.apply();
    after.apply();

    before.apply();
    assertThat(pages.token(PAGE, 2)).contains("B");
    assertThat(row(PAGE).tokenRevision).isEqualTo(2);

    seeding(cipher, Map.of("GATEWAY_PAGES__100__TOKEN", "C")).apply();
    after.apply();
    before.apply();
    assertThat(pages.token(PAGE, 3)).contains("C");
  }

  @Test
  void seedWithoutFans_thatLiftsTheQuota_isLogged_once() {
    seeding(cipher, Map.of("GATEWAY_PAGES__100__FANS", "1000")).apply();
    try (LogLines log = LogLines.of("")) {
      seeding(cipher, Map.of("GATEWAY_PAGES__100__FANS", "1000")).apply();
      assertThat(log.seen()).noneMatch(line -> line.contains("without fans"));

      seeding(cipher, Map.of("GATEWAY_PAGES__200__NAME", "Kiosk")).apply();
      seeding(cipher, Map.of("GATEWAY_PAGES__300__NAME", "Café")).apply();

      assertThat(log.seen()).filteredOn(line -> line.contains("without fans")).hasSize(1);
    }
  }

  @Test
  void seeds_areAppliedOnce_whenPodsStartTogether() throws Exception {
    Seeding seeding = seeding(cipher, Map.of("GATEWAY_PAGES__100__TOKEN", TOKEN));
    ExecutorService pods = Executors.newFixedThreadPool(4);
    try {
      CyclicBarrier start = new CyclicBarrier(4);
      List<Future<?>> starts = new ArrayList<>();
      for (int pod = 0; pod < 4; pod++) {
        starts.add(
            pods.submit(
                () -> {
                  start.await();
                  seeding.apply();
                  return null;
                }));
      }
      for (Future<?> one : starts) {
        one.get();
      }
    } finally {
      pods.shutdownNow();
    }

    assertThat(row(PAGE).tokenRevision).isEqualTo(1);
  }

  @Test
  void seeds_leaveAnExcessTestPageUnmarked_andTheRestApplied() {
    for (int id = 1; id <= 5; id++) {
      save(new PageId(id), null, null, true, null);
    }
    Map<String, String> env =
        Map.of("GATEWAY_PAGES__100__TEST_PAGE", "true", "GATEWAY_PAGES__100__FANS", "3");

    seeding(cipher, env).apply();
    assertThat(row(PAGE).view()).returns(false, Page::testPage).returns(3L, Page::fans);

    save(new PageId(1), null, null, false, null);
    seeding(cipher, env).apply();
    assertThat(row(PAGE).testPage).isTrue();
  }

  @Test
  void start_encryptsAnewWithThePresentKey_whatAFormerOneEncrypted() throws Exception {
    TokenCipher former = new TokenCipher(Secrets.of(Secrets.A));
    TokenCipher present = new TokenCipher(Secrets.of(Secrets.B, Secrets.A));
    seeding(former, Map.of("GATEWAY_PAGES__100__TOKEN", TOKEN)).apply();
    byte[] before = row(PAGE).token;

    seeding(present, Map.of("GATEWAY_PAGES__100__TOKEN", TOKEN)).apply();

    PageEntity row = row(PAGE);
    assertThat(row.token).isNotEqualTo(before);
    assertThat(row.tokenRevision).isEqualTo(1);
    assertThat(new TokenCipher(Secrets.of(Secrets.B)).decrypt(PAGE, row.token)).isEqualTo(TOKEN);

    seeding(present, Map.of()).apply();
    assertThat(row(PAGE).token).isEqualTo(row.token);
  }

  @Test
  void start_leavesWhatNoKeyFits_unlessTheTokenIsSeeded() throws Exception {
    seeding(new TokenCipher(Secrets.of(Secrets.A)), Map.of("GATEWAY_PAGES__100__TOKEN", TOKEN))
        .apply();
    byte[] before = row(PAGE).token;
    TokenCipher another = new TokenCipher(Secrets.of(Secrets.B));

    seeding(another, Map.of()).apply();
    assertThat(row(PAGE).token).isEqualTo(before);

    seeding(another, Map.of("GATEWAY_PAGES__100__TOKEN", TOKEN)).apply();
    assertThat(another.decrypt(PAGE, row(PAGE).token)).isEqualTo(TOKEN);
    assertThat(row(PAGE).tokenRevision).isEqualTo(2);
  }

  // ----------------------------------------------------------------------- PostgreSQL is away

  @Test
  void whatIsRemembered_goesOnServing_whilePostgresIsAway() throws Exception {
    Page saved = save(PAGE, "Shop", null, null, null).page();
    pages.setToken(PAGE, TOKEN);
    String name;
    try (Connection connection = database.getConnection()) {
      name = connection.getCatalog();
    }
    String elsewhere = url.replaceFirst("/" + name + "(?=$|\\?)", "/template1");
    try (Connection admin = DriverManager.getConnection(elsewhere, user, password);
        Statement statement = admin.createStatement()) {
      statement.execute("alter database " + name + " allow_connections false");
      try {
        statement.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '"
                + name
                + "'");
        assertThatThrownBy(refresh::read).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> pages.find(OTHER)).isInstanceOf(RuntimeException.class);
        refresh.refresh();

        assertThat(pages.remembers(PAGE)).isTrue();
        assertThat(pages.find(PAGE).orElseThrow().name()).isEqualTo(saved.name());
        assertThat(pages.token(PAGE, 1)).contains(TOKEN);
        assertThat(pages.all()).extracting(Page::id).containsExactly(PAGE);
      } finally {
        statement.execute("alter database " + name + " allow_connections true");
      }
    }
    await().ignoreExceptions().untilAsserted(() -> assertThat(pages.find(OTHER)).isEmpty());
  }

  // ----------------------------------------------------------------------------------- metrics

  @Test
  void gauges_countPages_andThoseThatArePaused() {
    save(PAGE, null, null, null, null);
    save(OTHER, null, null, null, true);

    assertThat(registry.get("gateway.pages").gauge().value()).isEqualTo(2);
    assertThat(registry.get("gateway.pages.paused").gauge().value()).isEqualTo(1);
  }

  private Seeding seeding(TokenCipher cipher, Map<String, String> env) {
    return new Seeding(transactions, SeedsTest.seeds(env), repository, cipher, refresh, clock);
  }

  private PageEntity row(PageId page) {
    return QuarkusTransaction.requiringNew().call(() -> repository.findById(page.value()));
  }

  private Sql sql() {
    return new Sql(database);
  }
}
