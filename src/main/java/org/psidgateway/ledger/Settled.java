package org.psidgateway.ledger;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.psidgateway.model.Findings;
import org.psidgateway.model.PageFindings;
import org.psidgateway.model.PageId;

/**
 * What is stored once a call is settled.
 *
 * @param at when the answers were written, or would have been
 * @param stored mappings that were stored by somebody else meanwhile, such as an import, and that
 *     say otherwise than the answer: they stay, and callers get them
 */
public record Settled(Instant at, List<PageFindings> stored) {

  public static Settled at(Instant at) {
    return new Settled(at, List.of());
  }

  /** What callers and caches are to have of these answers. */
  public PageFindings committed(PageFindings told) {
    Findings findings = told.findings().committed(at);
    Map<Long, Long> others = others(told.page());
    if (others.isEmpty()) {
      return new PageFindings(told.page(), findings);
    }
    long[] verdicts = findings.verdicts().clone();
    for (int i = 0; i < verdicts.length; i++) {
      verdicts[i] = others.getOrDefault(findings.asids()[i], verdicts[i]);
    }
    return new PageFindings(
        told.page(), new Findings(findings.asids(), verdicts, findings.checkedAt()));
  }

  private Map<Long, Long> others(PageId page) {
    Map<Long, Long> others = new HashMap<>();
    for (PageFindings some : stored) {
      if (some.page().equals(page)) {
        for (int i = 0; i < some.findings().size(); i++) {
          others.put(some.findings().asids()[i], some.findings().verdicts()[i]);
        }
      }
    }
    return others;
  }
}
