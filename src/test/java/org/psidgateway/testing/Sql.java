package org.psidgateway.testing;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Statements and questions to a database, each over a connection of its own. */
public final class Sql {
  private final DataSource source;

  public Sql(DataSource source) {
    this.source = source;
  }

  public void execute(String... statements) {
    for (String sql : statements) {
      try (Connection connection = source.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException e) {
        throw new IllegalStateException(sql, e);
      }
    }
  }

  /** The number in the first column of the first row. */
  public long number(String query) {
    return numbers(query).get(0);
  }

  /** The first column. */
  public List<Long> numbers(String query) {
    return rows(query).stream().map(row -> row[0]).toList();
  }

  /** Columns of numbers; null is 0. */
  public List<long[]> rows(String query) {
    return read(
        query,
        rows -> {
          long[] row = new long[rows.getMetaData().getColumnCount()];
          for (int i = 0; i < row.length; i++) {
            row[i] = rows.getLong(i + 1);
          }
          return row;
        });
  }

  /** The first column. */
  public List<String> texts(String query) {
    return read(query, rows -> rows.getString(1));
  }

  /** How many connections to this database wait for a lock. */
  public long lockWaits() {
    return number(
        """
        select count(*) from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'
        """);
  }

  /** What a row says. */
  public interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  public <T> List<T> read(String query, Row<T> reader) {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<T> all = new ArrayList<>();
      while (rows.next()) {
        all.add(reader.read(rows));
      }
      return all;
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }
}
