package org.psidgateway.ledger;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.psidgateway.books.Books;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.ShiftedClock;
import org.psidgateway.testing.Sql;

/** A ledger without limits, on a database of its own with two Pages. */
abstract class OneLedger {
  final ShiftedClock clock = new ShiftedClock();
  DataSource dataSource;
  Sql sql;
  LedgerPod ledger;
  Books books;

  @BeforeEach
  void database() throws SQLException {
    dataSource = clock.over(Backing.freshDatabase().dataSource());
    sql = new Sql(dataSource);
    sql.execute(
        "insert into page (page_id, token_revision, token) values (100, 1, ''), (200, 1, '')");
    ledger = Ledgers.unlimited().on(dataSource);
    books = Ledgers.unlimited().books(dataSource, clock);
  }
}
