package org.psidgateway.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.psidgateway.testing.SqlStatement;

/** PostgreSQL's plan for a statement, on a connection with our settings. */
public final class Plans {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Which plan of a prepared statement: for its values, or for any values. */
  public enum Kind {
    CUSTOM,
    GENERIC
  }

  private final Connection connection;
  private final List<SqlStatement> settings;

  /**
   * @param settings to be made within each transaction
   */
  public Plans(Connection connection, List<SqlStatement> settings) {
    this.connection = connection;
    this.settings = settings;
  }

  /** The uppermost node, whose cost is that of all of it. */
  public JsonNode of(SqlStatement sql, Kind kind) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      for (SqlStatement setting : settings) {
        statement.execute(setting.withValues());
      }
      statement.execute(
          "set local plan_cache_mode = force_"
              + (kind == Kind.CUSTOM ? "custom" : "generic")
              + "_plan");
      statement.execute(prepare(sql));
      return explain(statement, sql);
    } finally {
      connection.rollback();
      try (Statement statement = connection.createStatement()) {
        statement.execute("deallocate all");
      }
      connection.commit();
    }
  }

  private static String prepare(SqlStatement sql) {
    return "prepare p"
        + sql.parameters().stream()
            .map(SqlStatement.Parameter::type)
            .collect(Collectors.joining(", ", "(", ")"))
            .replace("()", "")
        + " as "
        + sql.text();
  }

  private static JsonNode explain(Statement statement, SqlStatement sql) throws SQLException {
    String values =
        sql.parameters().stream()
            .map(SqlStatement.Parameter::value)
            .collect(Collectors.joining(", ", "(", ")"))
            .replace("()", "");
    try (ResultSet rows = statement.executeQuery("explain (format json) execute p" + values)) {
      rows.next();
      return JSON.readTree(rows.getString(1)).path(0).path("Plan");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static double cost(JsonNode plan) {
    return plan.path("Total Cost").asDouble();
  }

  /** Whether the whole table would be read. */
  public static boolean reads(JsonNode plan, String wholeTable) {
    boolean here =
        plan.path("Node Type").asText().equals("Seq Scan")
            && plan.path("Relation Name").asText().equals(wholeTable);
    for (JsonNode part : plan.path("Plans")) {
      here |= reads(part, wholeTable);
    }
    return here;
  }
}
