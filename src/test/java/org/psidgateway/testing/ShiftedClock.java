package org.psidgateway.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;

/** Moves the ledger's time, which is the database's, and with it the application's clock. */
public final class ShiftedClock implements InstantSource {
  private final AtomicReference<Duration> shift = new AtomicReference<>(Duration.ZERO);

  public void advance(Duration by) {
    shift.updateAndGet(by::plus);
  }

  @Override
  public Instant instant() {
    return InstantSource.system().instant().plus(shift.get());
  }

  /** Connections of {@code inner} that see the shifted time. */
  public DataSource over(DataSource inner) {
    return (DataSource)
        Proxy.newProxyInstance(
            DataSource.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, args) -> {
              try {
                Object answer = method.invoke(inner, args);
                if (answer instanceof Connection connection) {
                  set(connection);
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void set(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("set gateway.clock_shift = '" + shift.get().toMillis() + " milliseconds'");
    }
  }
}
