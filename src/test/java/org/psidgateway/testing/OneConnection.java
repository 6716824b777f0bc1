package org.psidgateway.testing;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Lends the same connection again and again, as a pool does that is little used. */
public final class OneConnection implements AutoCloseable {
  private final Connection connection;

  public OneConnection(DataSource dataSource) throws SQLException {
    connection = dataSource.getConnection();
  }

  /** For one user at a time. */
  public DataSource dataSource() {
    Connection lent = Intercepted.of(Connection.class, this::onConnection);
    return Intercepted.of(DataSource.class, (method, args) -> lent);
  }

  private Object onConnection(Method method, Object[] args) throws Exception {
    return method.getName().equals("close") ? null : method.invoke(connection, args);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
