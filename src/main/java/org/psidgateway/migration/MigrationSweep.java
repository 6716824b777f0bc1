package org.psidgateway.migration;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.psidgateway.db.Outage;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;

/** Removes migrations whose time is over, and keys of uploads that were cut short. */
@Singleton
class MigrationSweep {
  private static final Logger LOG = Logger.getLogger(MigrationSweep.class);
  private static final int AT_ONCE = 20;

  private static final String OVER =
      """
      select id from migration where finished_at < ledger_now() - make_interval(secs => ?)
       order by finished_at limit ?
      """;

  private static final String DEAD_KEYS =
      """
      delete from migration_key k
       where migration_id is null and not exists (select from list l where l.no = k.list_no)
      """;

  private final Transactions transactions;
  private final Migrations migrations;
  private final Optional<Duration> retention;

  MigrationSweep(Transactions transactions, Migrations migrations, MigrationConfig config) {
    this.transactions = transactions;
    this.migrations = migrations;
    this.retention = config.retention();
  }

  @Scheduled(every = "60s", concurrentExecution = ConcurrentExecution.SKIP)
  void sweep() {
    try {
      transactions.run(
          connection -> {
            RoundTrip.opening().update(DEAD_KEYS).commit().run(connection);
            return true;
          });
      if (retention.isPresent()) {
        removeOlderThan(retention.get());
      }
    } catch (SQLException e) {
      LOG.debugf("Migrations are swept again in a minute (%s)", Outage.describe(e));
    }
  }

  private void removeOlderThan(Duration age) throws SQLException {
    for (MigrationId id : over(age)) {
      if (migrations.delete(id)) {
        LOG.infof("Migration %s was removed: it ended longer than %s ago", id, age);
      }
    }
  }

  private List<MigrationId> over(Duration age) throws SQLException {
    return transactions.plain(
        connection -> {
          List<MigrationId> ids = new ArrayList<>();
          RoundTrip.plain()
              .query(
                  OVER,
                  rows -> {
                    while (rows.next()) {
                      ids.add(new MigrationId(rows.getObject(1, UUID.class)));
                    }
                  },
                  age.toMillis() / 1e3,
                  AT_ONCE)
              .run(connection);
          return ids;
        });
  }
}
