package org.psidgateway.page;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.psidgateway.model.PageId;
import org.psidgateway.ops.OutageLog;

/**
 * Logs that a Page is paused, and that it no longer is: once in each pod, whoever did it and
 * whenever the pod learns of it, the start included. Thread-safe.
 */
final class PauseLog {
  private final Map<PageId, OutageLog> pauses = new ConcurrentHashMap<>();

  /** The Page as it is remembered from now on. */
  void saw(Page page) {
    if (page.paused()) {
      pauses.computeIfAbsent(page.id(), PauseLog::pause).failed(String.valueOf(page.pauseReason()));
    } else {
      OutageLog pause = pauses.remove(page.id());
      if (pause != null) {
        pause.recovered();
      }
    }
  }

  /** There is no such Page any more. */
  void forget(PageId page) {
    pauses.remove(page);
  }

  private static OutageLog pause(PageId page) {
    return new OutageLog(
        PauseLog.class,
        "Page " + page + " is paused: its unknown ids fail",
        "Page " + page + " is no longer paused");
  }
}
