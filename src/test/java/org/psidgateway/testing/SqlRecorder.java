package org.psidgateway.testing;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.psidgateway.testing.SqlStatement.Parameter;

/** Writes down what is sent through a data source. */
public final class SqlRecorder {
  private final List<SqlStatement> sent = new ArrayList<>();

  public DataSource over(DataSource inner) {
    return Intercepted.of(
        DataSource.class,
        (method, args) -> {
          Object answer = method.invoke(inner, args);
          return answer instanceof Connection connection ? connection(connection) : answer;
        });
  }

  /** What was sent since the last time. */
  public synchronized List<SqlStatement> take() {
    List<SqlStatement> taken = List.copyOf(sent);
    sent.clear();
    return taken;
  }

  private synchronized void sent(String text, List<Parameter> parameters) {
    sent.addAll(SqlText.statements(text, parameters));
  }

  private Connection connection(Connection inner) {
    return Intercepted.of(
        Connection.class,
        (method, args) -> {
          Object answer = method.invoke(inner, args);
          if (answer instanceof PreparedStatement prepared) {
            return prepared((String) args[0], prepared);
          }
          return answer instanceof Statement statement ? plain(statement) : answer;
        });
  }

  private Statement plain(Statement inner) {
    return Intercepted.of(
        Statement.class,
        (method, args) -> {
          if (args != null && args[0] instanceof String text) {
            sent(text, List.of());
          }
          return method.invoke(inner, args);
        });
  }

  private PreparedStatement prepared(String text, PreparedStatement inner) {
    TreeMap<Integer, Parameter> parameters = new TreeMap<>();
    return Intercepted.of(
        PreparedStatement.class,
        (method, args) -> {
          if (sets(method, args)) {
            parameters.put(
                (Integer) args[0],
                Parameter.of(method.getName().equals("setNull") ? null : args[1]));
          } else if (args == null && runs(method)) {
            sent(text, List.copyOf(parameters.values()));
          }
          return method.invoke(inner, args);
        });
  }

  private static boolean sets(Method method, Object[] args) {
    return method.getName().startsWith("set") && args.length >= 2 && args[0] instanceof Integer;
  }

  /** In a batch each entry counts, not the run of all. */
  private static boolean runs(Method method) {
    return Arrays.asList("execute", "executeQuery", "executeUpdate", "addBatch")
        .contains(method.getName());
  }
}
