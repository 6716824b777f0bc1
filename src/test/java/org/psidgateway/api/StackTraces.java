package org.psidgateway.api;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.LogContext;

/** The stack traces that go to the log. */
final class StackTraces extends ExtHandler {
  private final List<String> seen = new CopyOnWriteArrayList<>();

  void start() {
    LogContext.getLogContext().getLogger("").addHandler(this);
  }

  void stop() {
    LogContext.getLogContext().getLogger("").removeHandler(this);
  }

  List<String> seen() {
    return List.copyOf(seen);
  }

  @Override
  protected void doPublish(ExtLogRecord line) {
    if (line.getThrown() != null) {
      seen.add(line.getLoggerName() + ": " + line.getFormattedMessage());
    }
  }
}
