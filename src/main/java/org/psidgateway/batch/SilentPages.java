package org.psidgateway.batch;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;
import org.psidgateway.model.PageId;
import org.psidgateway.upstream.Outcome.Match;
import org.psidgateway.upstream.Outcome.Matched;

/**
 * Pages that never show in answers about all Pages: they may belong to another business than the
 * app, so that the upstream can't tell anybody's PSID on them. Thread-safe.
 */
final class SilentPages {
  private static final Logger LOG = Logger.getLogger(SilentPages.class);
  private static final int SUSPICIOUS = 1_000;

  /** Complete answers since the Page showed last. */
  private final Map<PageId, Integer> silent = new HashMap<>();

  synchronized void heed(List<PageId> pages, Matched answer) {
    Set<PageId> shown = new HashSet<>();
    for (Match match : answer.matches()) {
      shown.add(match.page());
    }
    silent.keySet().retainAll(Set.copyOf(pages));
    for (PageId page : pages) {
      int before = silent.getOrDefault(page, 0);
      int now = shown.contains(page) ? 0 : before + answer.complete().length;
      silent.put(page, now);
      if (before < SUSPICIOUS && now >= SUSPICIOUS) {
        LOG.warnf(
            "Page %s had no PSID in %d complete answers: it may belong to another business than"
                + " the app",
            page, now);
      }
    }
  }
}
