package org.psidgateway.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.db.Transactions;
import org.psidgateway.invalidation.Invalidations;
import org.psidgateway.model.PageId;
import org.psidgateway.testing.Sql;

/** A Page, by Panache, and the row that announces a change, by a statement: one transaction. */
@QuarkusTest
class SharedTransactionTest {
  private static final long PAGE = 4_100;
  private static final String IS_PAGE = "select count(*) from page where page_id = " + PAGE;
  private static final String IS_ANNOUNCED =
      "select count(*) from invalidation where what = 'mapping' and page_id = " + PAGE;

  private final Transactions transactions;
  private final PageRepository pages;
  private final Invalidations invalidations;
  private final InstantSource clock;
  private final Sql sql;

  SharedTransactionTest(
      Transactions transactions,
      PageRepository pages,
      Invalidations invalidations,
      InstantSource clock,
      AgroalDataSource database) {
    this.transactions = transactions;
    this.pages = pages;
    this.invalidations = invalidations;
    this.clock = clock;
    this.sql = new Sql(database);
  }

  @BeforeEach
  void neither() throws SQLException {
    sql.execute("delete from page where page_id = " + PAGE);
    sql.execute("delete from invalidation where page_id = " + PAGE);
  }

  @Test
  void bothAreCommitted_whenTheWorkReturns() throws SQLException {
    transactions.shared(
        connection -> {
          save();
          announce(connection);
          assertThat(count(IS_PAGE)).as("seen by others before the commit").isZero();
          assertThat(count(IS_ANNOUNCED)).as("seen by others before the commit").isZero();
          return true;
        });

    assertThat(count(IS_PAGE)).isEqualTo(1);
    assertThat(count(IS_ANNOUNCED)).isEqualTo(1);
  }

  @Test
  void bothAreRolledBack_whenTheWorkThrows() throws SQLException {
    assertThatThrownBy(
            () ->
                transactions.shared(
                    connection -> {
                      save();
                      announce(connection);
                      throw new IllegalStateException("thought better of it");
                    }))
        .hasMessage("thought better of it");

    assertThat(count(IS_PAGE)).isZero();
    assertThat(count(IS_ANNOUNCED)).isZero();
  }

  @Test
  void bothAreRolledBack_whenTheStatementFails() throws SQLException {
    assertThatThrownBy(
            () ->
                transactions.shared(
                    connection -> {
                      save();
                      announce(connection);
                      return connection.createStatement().execute("select 1 / 0");
                    }))
        .hasRootCauseInstanceOf(SQLException.class);

    assertThat(count(IS_PAGE)).isZero();
    assertThat(count(IS_ANNOUNCED)).isZero();
  }

  @Test
  void bothAreDoneAgain_afterADeadlock_byWhicheverOfThemItWasFound() throws SQLException {
    AtomicInteger attempts = new AtomicInteger();
    String deadlock = "do $$ begin raise exception sqlstate '40P01'; end $$";

    transactions.shared(
        connection -> {
          save();
          announce(connection);
          if (attempts.incrementAndGet() == 1) {
            connection.createStatement().execute(deadlock);
          } else if (attempts.get() == 2) {
            pages.getSession().createNativeMutationQuery(deadlock).executeUpdate();
          }
          return true;
        });

    assertThat(attempts).hasValue(3);
    assertThat(count(IS_PAGE)).isEqualTo(1);
    assertThat(count(IS_ANNOUNCED)).isEqualTo(1);
  }

  private void save() {
    PageEntity row = pages.lockOrCreate(PAGE);
    row.describe("Shop", null, null);
    row.changedAt(clock.instant());
    pages.flush();
  }

  private void announce(Connection connection) throws SQLException {
    invalidations.mappingsChanged(connection, new PageId(PAGE), new long[] {7});
  }

  /** On a thread of its own, and so outside of any transaction that is under way here. */
  private long count(String query) {
    return CompletableFuture.supplyAsync(() -> sql.number(query)).join();
  }
}
