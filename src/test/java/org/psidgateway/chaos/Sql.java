package org.psidgateway.chaos;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.psidgateway.testing.Backing.Database;

/** Questions to a database, each over a connection of its own that no fault is on. */
final class Sql {
  private static final String GRANTS =
      """
      select (extract(epoch from c.granted_at) * 1000)::bigint, c.page_id, array_agg(k.asid),
             (extract(epoch from c.arrives_by) * 1000)::bigint
        from call c join chaos.carried k using (call_id) group by c.call_id
      """;

  private final Database database;

  Sql(Database database) {
    this.database = database;
  }

  /** Columns of numbers; null is 0. */
  List<long[]> rows(String query) {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<long[]> all = new ArrayList<>();
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        long[] row = new long[columns];
        for (int i = 0; i < columns; i++) {
          row[i] = rows.getLong(i + 1);
        }
        all.add(row);
      }
      return all;
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  /** The ids of each call that was granted, when, and by when it has to arrive. */
  List<Grant> grants() {
    List<Grant> grants = new ArrayList<>();
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(GRANTS)) {
      while (rows.next()) {
        Long[] ids = (Long[]) rows.getArray(3).getArray();
        long[] asids = Arrays.stream(ids).mapToLong(Long::longValue).toArray();
        grants.add(new Grant(Asked.of(rows.getLong(2), asids), rows.getLong(1), rows.getLong(4)));
      }
      return grants;
    } catch (SQLException e) {
      throw new IllegalStateException(GRANTS, e);
    }
  }

  /** Times are epoch milliseconds. */
  record Grant(Asked asked, long at, long arrivesBy) {}

  List<String> texts(String query) {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> all = new ArrayList<>();
      while (rows.next()) {
        all.add(rows.getString(1));
      }
      return all;
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  long number(String query) {
    return rows(query).get(0)[0];
  }
}
