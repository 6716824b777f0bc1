package org.psidgateway.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.LogContext;

/** The messages that go to this process's log, until it is closed. */
public final class LogLines extends ExtHandler {
  private final List<String> seen = new CopyOnWriteArrayList<>();

  public LogLines() {
    LogContext.getLogContext().getLogger("").addHandler(this);
  }

  public List<String> seen() {
    return List.copyOf(seen);
  }

  @Override
  protected void doPublish(ExtLogRecord line) {
    seen.add(line.getLevel() + " " + line.getFormattedMessage());
  }

  @Override
  public void close() {
    LogContext.getLogContext().getLogger("").removeHandler(this);
    super.close();
  }
}
