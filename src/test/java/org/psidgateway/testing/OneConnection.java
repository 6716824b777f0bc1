package org.psidgateway.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
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
    Connection lent = proxy(Connection.class, this::onConnection);
    return proxy(DataSource.class, (method, args) -> lent);
  }

  private Object onConnection(Method method, Object[] args) throws Throwable {
    return method.getName().equals("close") ? null : method.invoke(connection, args);
  }

  private interface Calls {
    Object call(Method method, Object[] args) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Calls calls) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, args) -> {
              try {
                return calls.call(method, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
