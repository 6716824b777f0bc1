package org.psidgateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.db.Transactions;
import org.psidgateway.model.PageId;
import org.psidgateway.secrets.Secrets;
import org.psidgateway.testing.Sql;
import org.psidgateway.time.Ticker;

/** By what a Page is found if somebody brings nothing but its token. */
@QuarkusTest
class TokenDigestTest {
  private static final PageId PAGE = new PageId(4_300);
  private static final PageId OTHER = new PageId(4_301);
  private static final String TOKEN = "EAAB-a-token-to-be-digested";

  private final TokenCipher former = new TokenCipher(Secrets.of(Secrets.A));
  private final TokenCipher present = new TokenCipher(Secrets.of(Secrets.B, Secrets.A));

  private final Pages pages;
  private final PageRepository repository;
  private final PageRefresh refresh;
  private final TokenCipher cipher;
  private final Transactions transactions;
  private final InstantSource clock;
  private final AgroalDataSource database;

  TokenDigestTest(
      Pages pages,
      PageRepository repository,
      PageRefresh refresh,
      TokenCipher cipher,
      Transactions transactions,
      InstantSource clock,
      AgroalDataSource database) {
    this.pages = pages;
    this.repository = repository;
    this.refresh = refresh;
    this.cipher = cipher;
    this.transactions = transactions;
    this.clock = clock;
    this.database = database;
  }

  @BeforeEach
  void noPages() throws SQLException {
    new Sql(database).execute("delete from page", "delete from removed_page");
    refresh.read();
  }

  private void save(PageId page, String token) {
    pages.save(page, new PageChange(Edit.keep(), Edit.keep(), null, null));
    pages.setToken(page, token);
  }

  private PageEntity row() {
    return QuarkusTransaction.requiringNew().call(() -> repository.findById(PAGE.value()));
  }

  private void seed(TokenCipher by) {
    new Seeding(
            transactions,
            SeedsTest.seeds(Map.of("GATEWAY_PAGES__4300__TOKEN", TOKEN)),
            repository,
            by,
            refresh,
            clock)
        .apply();
  }

  @Test
  void digest_isKept_andDoesNotHoldTheToken() {
    save(PAGE, TOKEN);
    assertThat(row().digest()).isEqualTo(cipher.digest(TOKEN)).hasSize(36);
    assertThat(new String(row().digest(), StandardCharsets.ISO_8859_1)).doesNotContain(TOKEN);
    assertThat(former.digest(TOKEN)).isNotEqualTo(present.digest(TOKEN));

    pages.archive(PAGE);
    assertThat(row().digest()).isNull();
    assertThat(pages.byToken(TOKEN)).isEmpty();
  }

  @Test
  void tokenOfTwoPages_findsNeither() {
    save(PAGE, TOKEN);
    assertThat(pages.byToken(TOKEN)).map(Page::id).contains(PAGE);
    save(OTHER, TOKEN);
    assertThat(pages.byToken(TOKEN)).isEmpty();
    pages.setToken(OTHER, "another");
    assertThat(pages.byToken(TOKEN)).map(Page::id).contains(PAGE);
  }

  @Test
  void digestOfATokenThatTheVersionBeforeReplaced_findsNothing() throws SQLException {
    save(PAGE, TOKEN);
    try (Connection connection = database.getConnection();
        PreparedStatement update =
            connection.prepareStatement(
                "update page set token = ?, token_revision = token_revision + 1 where page_id = ?")) {
      update.setBytes(1, cipher.encrypt(PAGE, "of the version before"));
      update.setLong(2, PAGE.value());
      update.executeUpdate();
    }
    refresh.read();

    assertThat(row().tokenDigest).isNotNull();
    assertThat(pages.byToken(TOKEN)).isEmpty();
    assertThat(pages.byToken("of the version before")).map(Page::id).contains(PAGE);
  }

  @Test
  void start_digestsWhatAFormerKeyOrNoneDigested() throws SQLException {
    seed(former);
    assertThat(row().digest()).isEqualTo(former.digest(TOKEN));
    PageMemory memory = new PageMemory(present, Ticker.system());
    memory.remember(row(), null);
    assertThat(memory.byToken(TOKEN)).as("before the next start").isPresent();

    seed(present);
    assertThat(row().digest()).isEqualTo(present.digest(TOKEN));
    assertThat(row().tokenRevision).isEqualTo(1);
    new Sql(database).execute("update page set token_digest = null, token_digest_revision = null");
    byte[] ciphertext = row().token;
    seed(present);
    assertThat(row().digest()).isEqualTo(present.digest(TOKEN));
    assertThat(row().token).isEqualTo(ciphertext);
  }
}
