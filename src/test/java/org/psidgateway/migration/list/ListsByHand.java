package org.psidgateway.migration.list;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.psidgateway.db.RoundTrip;

/** The tables of lists, without the way in. */
public final class ListsByHand {
  private ListsByHand() {}

  public static void create(DataSource dataSource, long no) {
    run(dataSource, ListTables.creating(RoundTrip.plain(), no));
  }

  public static void drop(DataSource dataSource, long no) {
    run(dataSource, ListTables.dropping(RoundTrip.plain(), no));
  }

  private static void run(DataSource dataSource, RoundTrip trip) {
    try (Connection connection = dataSource.getConnection()) {
      trip.run(connection);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
