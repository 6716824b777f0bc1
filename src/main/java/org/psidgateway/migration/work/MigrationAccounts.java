package org.psidgateway.migration.work;

import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.ledger.Account;
import org.psidgateway.ledger.Accounts;
import org.psidgateway.migration.MigrationId;
import org.psidgateway.model.PageId;

/** Accounts for the settlement of calls that a dead process has made. */
@Singleton
class MigrationAccounts implements Accounts {
  private static final String LIST = "select list_no from migration where id = ?";

  private final Transactions transactions;

  MigrationAccounts(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public @Nullable Account of(UUID id, PageId page) throws SQLException {
    List<Account> found = new ArrayList<>(1);
    transactions.plain(
        connection -> {
          RoundTrip.plain()
              .query(
                  LIST,
                  row -> {
                    if (row.next()) {
                      found.add(
                          new MigrationAccount(
                              new MigrationId(id),
                              row.getLong(1),
                              page,
                              "",
                              MigrationAccount.NO_FENCE));
                    }
                  },
                  id)
              .run(connection);
          return found;
        });
    return found.isEmpty() ? null : found.get(0);
  }
}
