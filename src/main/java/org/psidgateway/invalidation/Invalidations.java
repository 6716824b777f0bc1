package org.psidgateway.invalidation;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import org.psidgateway.model.PageId;

/**
 * Notifies all pods, this one included, that copies they may hold are out of date. What is written
 * here counts once the caller's transaction is committed, and every pod that reaches PostgreSQL
 * acts on it within some 5 seconds; Redis may bring that down to a fraction of one. A change of a
 * Page needs no call: a trigger on its table writes it. Thread-safe.
 *
 * <p>A request that read an id before the commit may put it into a cache after all pods have
 * dropped it. If that must not last, write the same once more a minute later.
 */
@Singleton
public class Invalidations {
  private final InvalidationTable table;
  private final ChangeNotifier notifier;

  Invalidations(InvalidationTable table, ChangeNotifier notifier) {
    this.table = table;
    this.notifier = notifier;
  }

  /**
   * These ids of the Page. Within the caller's transaction; one round trip for any number of ids.
   * For whatever replaces or removes stored answers, such as background migrations.
   */
  public void mappingsChanged(Connection connection, PageId page, long[] asids)
      throws SQLException {
    table.writeMappings(connection, page, asids);
  }

  /**
   * This person, on every Page that is registered. Within the caller's transaction. For the erasure
   * of a person.
   */
  public void personChanged(Connection connection, long asid) throws SQLException {
    table.writePerson(connection, asid);
  }

  /**
   * Lets the others look now instead of within seconds; to be called after the commit. Never blocks
   * and never fails: without Redis it does nothing.
   */
  public void announce() {
    notifier.announce();
  }
}
