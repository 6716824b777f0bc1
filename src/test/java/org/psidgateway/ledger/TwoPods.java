package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.psidgateway.books.Books;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.model.Usage;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.OneConnection;
import org.psidgateway.testing.ShiftedClock;

/** Two pods on one database with three Pages, and a clock that is shifted at will. */
abstract class TwoPods {
  final ShiftedClock clock = new ShiftedClock();
  private OneConnection connection;
  private DataSource dataSource;
  LedgerPod one;
  LedgerPod two;
  Books books;

  @BeforeEach
  void database() throws SQLException {
    connection = new OneConnection(Backing.freshDatabase().dataSource());
    dataSource = clock.over(connection.dataSource());
    execute(
        """
        insert into page (page_id, token_revision, token)
        values (100, 1, ''), (200, 1, ''), (300, 1, '')
        """);
    pods(Ledgers.unlimited());
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  void pods(Ledgers ledgers) {
    one = ledgers.on(dataSource);
    two = ledgers.on(dataSource);
    books = ledgers.books(dataSource, clock);
  }

  void throttle(Granted granted) throws SQLException {
    throttle(granted, Usage.UNKNOWN);
  }

  void throttle(Granted granted, Usage usage) throws SQLException {
    one.settle(
        Settlement.throttled(granted.call(), true, Optional.empty(), "throttled_app", usage));
  }

  void lose(Granted granted) throws SQLException {
    one.settle(Settlement.uncertain(granted.call(), "timeout"));
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.createStatement().execute(sql);
    }
  }
}
