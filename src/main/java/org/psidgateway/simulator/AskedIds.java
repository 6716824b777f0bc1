package org.psidgateway.simulator;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
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
  private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,18}");
  static final AskedIds NONE = new AskedIds(0, new long[0], List.of(), new long[0]);

  static AskedIds of(Settings settings, GraphRequest request) {
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
      long id = parse(text);
      if (id > 0) {
        wellFormed.add(id);
      }
      if (id <= 0 || settings.invalidIds.contains(id) || ends(text, settings.invalidSuffixes)) {
        invalid.add(text);
      } else if (!settings.unmappedIds.contains(id) && !ends(text, settings.unmappedSuffixes)) {
        mapped.add(id);
      }
    }
    return new AskedIds(sent.length, unboxed(wellFormed), invalid, unboxed(mapped));
  }

  private static long parse(String text) {
    if (!ID.matcher(text).matches()) {
      return 0;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0; // 19 digits, but beyond 63 bits
    }
  }

  private static boolean ends(String id, List<String> suffixes) {
    for (String suffix : suffixes) {
      if (id.endsWith(suffix)) {
        return true;
      }
    }
    return false;
  }

  private static long[] unboxed(List<Long> ids) {
    return ids.stream().mapToLong(Long::longValue).toArray();
  }
}
