package org.psidgateway.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.ShutdownEvent;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.psidgateway.testing.LogLines;

class TransactionsTest {
  private final PGSimpleDataSource nobody = new PGSimpleDataSource();
  private final Transactions transactions = new Transactions(nobody);

  TransactionsTest() {
    nobody.setURL("jdbc:postgresql://localhost:1/nothing");
  }

  @Test
  void outage_isLogged_unlessTheProcessIsEnding() {
    try (LogLines log = LogLines.of(Transactions.class)) {
      transactions.end(new ShutdownEvent());
      ask();
      assertThat(log.seen()).isEmpty();
    }
    try (LogLines log = LogLines.of(Transactions.class)) {
      new TransactionsTest().ask();
      assertThat(log.seen()).singleElement().asString().contains("SQL state 08001");
    }
  }

  private void ask() {
    assertThatThrownBy(() -> transactions.plain(connection -> 1)).isInstanceOf(SQLException.class);
  }
}
