package org.psidgateway.simulator;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.psidgateway.simulator.SimulatorScript.Settings;

/**
 * The ids of one call, sorted by what becomes of them. A repeated id appears once.
 *
 * @param count how many were sent, repeats included
 * @param wellFormed every id that has the form of one, whatever becomes of it
 * @param invalid as they were sent
 * @param mapped those that have a PSID
 */
record AskedIds(int count, long[] wellFormed, List<String> invalid, long[] mapped) {
  static final AskedIds NONE = new AskedIds(0, new long[0], List.of(), new long[0]);

  static AskedIds of(Settings settings, GraphRequest request, long page) {
    String list = request.get("user_ids");
    if (list == null) {
      return NONE;
    }
    String[] sent = list.replaceAll("[\\[\\]\" ]", "").split(",");
    Set<String> distinct = new LinkedHashSet<>(List.of(sent));
    List<Long> wellFormed = new ArrayList<>(sent.length);
    List<String> invalid = new ArrayList<>();
    List<Long> mapped = new ArrayList<>(sent.length);
    for (String text : distinct) {
      long id = People.id(text);
      if (id > 0) {
        wellFormed.add(id);
      }
      if (!People.exists(settings, id)) {
        invalid.add(text);
      } else if (People.isOn(settings, page, id)) {
        mapped.add(id);
      }
    }
    return new AskedIds(sent.length, unboxed(wellFormed), invalid, unboxed(mapped));
  }

  private static long[] unboxed(List<Long> ids) {
    return ids.stream().mapToLong(Long::longValue).toArray();
  }
}
