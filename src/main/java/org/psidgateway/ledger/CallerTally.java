package org.psidgateway.ledger;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.psidgateway.ledger.Decision.Call;
import org.psidgateway.model.PageFindings;
import org.psidgateway.model.Verdict;

/**
 * Whose ids a call asks, and how many PSIDs came back for them: parallel arrays, by name. An id
 * counts once, for whoever asked first.
 */
record CallerTally(String[] names, int[] ids, int[] psids) {

  /** Of a call that has no answer yet. */
  static CallerTally asked(Call call) {
    SortedMap<String, Integer> ids = new TreeMap<>();
    for (String caller : call.callers()) {
      ids.merge(caller, 1, Integer::sum);
    }
    return new CallerTally(
        ids.keySet().toArray(String[]::new),
        ids.values().stream().mapToInt(count -> count).toArray(),
        new int[0]);
  }

  /**
   * Of a call that has ended; no PSIDs at all if none came back. What the upstream returned without
   * being asked is the first caller's.
   */
  static CallerTally of(Settlement settlement) {
    CallerTally asked = asked(settlement.call());
    if (settlement.returned() == 0 || asked.names.length == 0) {
      return asked;
    }
    Map<Long, String> callers = new HashMap<>();
    for (int i = 0; i < settlement.call().asids().length; i++) {
      callers.put(settlement.call().asids()[i], settlement.call().callers()[i]);
    }
    Map<String, Integer> psids = new HashMap<>();
    int left = settlement.returned();
    for (PageFindings told : settlement.findings()) {
      for (int i = 0; i < told.findings().size(); i++) {
        String caller = callers.get(told.findings().asids()[i]);
        if (caller != null && Verdict.isPsid(told.findings().verdicts()[i])) {
          psids.merge(caller, 1, Integer::sum);
          left--;
        }
      }
    }
    if (settlement.call().tariff().spendsQuota()) { // what costs nothing need not be anybody's
      psids.merge(asked.names[0], left, Integer::sum);
    }
    int[] counts = new int[asked.names.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = psids.getOrDefault(asked.names[i], 0);
    }
    return new CallerTally(asked.names, asked.ids, counts);
  }
}
