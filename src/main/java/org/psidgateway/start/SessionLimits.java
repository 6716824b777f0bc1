package org.psidgateway.start;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Checks what became of the limits that connections ask for: {@code options} in the JDBC URL
 * replaces the gateway's, and a pooler may drop them. Blocks.
 */
@Singleton
class SessionLimits {
  private static final Logger LOG = Logger.getLogger(SessionLimits.class);

  /** The same as in application.properties. */
  private static final Map<String, Duration> WANTED =
      Map.of(
          "lock_timeout", Duration.ofSeconds(2),
          "statement_timeout", Duration.ofSeconds(5),
          "idle_in_transaction_session_timeout", Duration.ofSeconds(3));

  private final DataSource pool;

  SessionLimits(DataSource pool) {
    this.pool = pool;
  }

  void check() throws SQLException {
    Map<String, String> missed = missed();
    if (!missed.isEmpty()) {
      LOG.warnf(
          "PostgreSQL connections lack limits that keep a frozen pod from stopping the others: %s."
              + " `options` in quarkus.datasource.jdbc.url replaces the gateway's own, and a pooler"
              + " may drop them: add them there, each as `-c name=value`, or use `alter role … set …`",
          missed);
    }
  }

  /** Limits that are off or longer than wanted, with the value to set. */
  Map<String, String> missed() throws SQLException {
    Map<String, String> missed = new TreeMap<>();
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet limits =
            statement.executeQuery(
                "select name, setting::bigint from pg_settings where name in ('lock_timeout',"
                    + " 'statement_timeout', 'idle_in_transaction_session_timeout')")) {
      while (limits.next()) {
        Duration wanted = WANTED.getOrDefault(limits.getString(1), Duration.ZERO);
        long millis = limits.getLong(2);
        if (millis == 0 || millis > wanted.toMillis()) {
          missed.put(limits.getString(1), wanted.toSeconds() + "s");
        }
      }
    }
    return missed;
  }
}
