package org.psidgateway.db;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The one definition of "PostgreSQL is away": refused, hanging, shutting down, read-only after a
 * fail-over, out of connections, disk or memory, or a lock that nobody gives up. Whatever it is,
 * the same statement may well succeed later or on another server, unlike one that is at fault
 * itself.
 *
 * <p>SQL states: PostgreSQL documentation, appendix A. Pure and thread-safe.
 */
public final class Outage {
  /**
   * Connection, read-only, idle limit, deadlock or conflict, resources, not ready or in use, lock,
   * operator, system.
   */
  private static final Pattern AWAY =
      Pattern.compile("08.*|25006|25P03|25P04|40.*|53.*|55000|55006|55P03|57.*|58.*|XX.*");

  /** Login, no such database (yet). */
  private static final Pattern REFUSED = Pattern.compile("28.*|3D000");

  /** The driver's and the server's words about a connection hold no value of a row. */
  private static final Pattern CONNECTION = Pattern.compile("08.*|28.*|3D000|57P.*");

  /** Deadlock, or a conflict with another transaction: the same work may be done at once again. */
  private static final Pattern CONFLICT = Pattern.compile("40P01|40001");

  private Outage() {}

  /**
   * Whether the failure, however it is wrapped, is an outage. A failure without a SQL state comes
   * from the pool or the driver, which could not reach the server in time.
   */
  public static boolean is(Throwable failure) {
    return anywhere(failure, Outage::isAway);
  }

  /**
   * Whether the server is there and refuses the login, or has no such database. After a fail-over
   * that may pass; at a first start somebody has to fix it.
   */
  public static boolean isRefused(Throwable failure) {
    return anywhere(failure, cause -> stateMatches(cause, REFUSED));
  }

  /** Whether PostgreSQL gave up this transaction for another one; it may run again at once. */
  static boolean isConflict(Throwable failure) {
    return anywhere(failure, cause -> stateMatches(cause, CONFLICT));
  }

  private static boolean anywhere(Throwable failure, Predicate<Throwable> which) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Throwable> left = new ArrayDeque<>();
    left.add(failure);
    while (!left.isEmpty()) {
      Throwable next = left.remove();
      if (seen.add(next)) {
        if (which.test(next)) {
          return true;
        }
        if (next.getCause() != null) {
          left.add(next.getCause());
        }
        Collections.addAll(left, next.getSuppressed());
      }
    }
    return false;
  }

  private static boolean isAway(Throwable failure) {
    return failure instanceof SQLException sql && sql.getSQLState() == null
        || stateMatches(failure, AWAY)
        || stateMatches(failure, REFUSED)
        || failure instanceof java.util.concurrent.TimeoutException
        || failure instanceof io.smallrye.mutiny.TimeoutException;
  }

  private static boolean stateMatches(Throwable failure, Pattern states) {
    return failure instanceof SQLException sql
        && sql.getSQLState() != null
        && states.matcher(sql.getSQLState()).matches();
  }

  /**
   * One of a few: an outage in which connections are first refused and then time out has one cause,
   * and one in which the server is read-only in the end has two.
   */
  static String cause(Throwable failure) {
    String state = origin(failure) instanceof SQLException sql ? sql.getSQLState() : null;
    return state == null || state.startsWith("57") ? "08" : state.substring(0, 2);
  }

  /**
   * How a log names a failure, on one line: its SQL state or its type, and its text only if that is
   * about a connection. Other texts may quote a row.
   */
  public static String describe(Throwable failure) {
    Throwable cause = origin(failure);
    if (!(cause instanceof SQLException sql)) {
      return cause.getClass().getSimpleName();
    }
    if (sql.getSQLState() == null) {
      return "no connection in time";
    }
    String state = "SQL state " + sql.getSQLState();
    return stateMatches(sql, CONNECTION) && sql.getMessage() != null
        ? state + ": " + sql.getMessage().lines().findFirst().orElse("")
        : state;
  }

  /** The first that comes from SQL, if any does. */
  private static Throwable origin(Throwable failure) {
    Throwable cause = failure;
    while (!(cause instanceof SQLException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
