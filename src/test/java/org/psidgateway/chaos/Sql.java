package org.psidgateway.chaos;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.psidgateway.testing.Backing.Database;

/** Questions to a database, each over a connection of its own that no fault is on. */
final class Sql {
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

  long number(String query) {
    return rows(query).get(0)[0];
  }
}
