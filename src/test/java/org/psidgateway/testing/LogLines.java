package org.psidgateway.testing;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;

/** What some classes of this process log, as {@code WARN the text}, until it is closed. */
public final class LogLines extends ExtHandler {
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final List<String> loggers;

  private LogLines(List<String> loggers) {
    this.loggers = loggers;
    loggers.forEach(name -> LogContext.getLogContext().getLogger(name).addHandler(this));
  }

  public static LogLines of(Class<?>... loggers) {
    return of(Arrays.stream(loggers).map(Class::getName).toArray(String[]::new));
  }

  /** For classes that can't be seen from here. */
  public static LogLines of(String... loggers) {
    return new LogLines(List.of(loggers));
  }

  public List<String> seen() {
    return List.copyOf(seen);
  }

  /** They are kept from the console, where a stack trace would look like a failure of the test. */
  public static LogLines insteadOfConsole(Class<?> logger) {
    LogLines lines = of(logger);
    LogContext.getLogContext().getLogger(logger.getName()).setUseParentHandlers(false);
    return lines;
  }

  @Override
  protected void doPublish(ExtLogRecord line) {
    seen.add(line.getLevel() + " " + line.getFormattedMessage());
  }

  @Override
  public void close() {
    for (String name : loggers) {
      Logger logger = LogContext.getLogContext().getLogger(name);
      logger.removeHandler(this);
      logger.setUseParentHandlers(true);
    }
  }
}
