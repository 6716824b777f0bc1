package org.psidgateway.simulator;

import java.util.List;
import java.util.regex.Pattern;
import org.psidgateway.simulator.SimulatorScript.Settings;

/** Who exists, and who has a PSID on which Page: the same for both APIs. */
final class People {
  private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,18}");

  private People() {}

  /** The id, or 0 if the text hasn't the form of one. */
  static long id(String text) {
    if (!ID.matcher(text).matches()) {
      return 0;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0; // 19 digits, but beyond 63 bits
    }
  }

  /** Whether there is a person with this ASID. */
  static boolean exists(Settings settings, long asid) {
    return asid > 0 && !settings.invalidIds.contains(asid) && !ends(asid, settings.invalidSuffixes);
  }

  /** Whether this person has a PSID on this Page. */
  static boolean isOn(Settings settings, long page, long asid) {
    return exists(settings, asid)
        && !settings.unmappedIds.contains(asid)
        && !ends(asid, settings.unmappedSuffixes)
        && (!ends(asid, settings.partialSuffixes) || PsidTruth.half(page, asid));
  }

  private static boolean ends(long id, List<String> suffixes) {
    if (suffixes.isEmpty()) {
      return false;
    }
    String digits = Long.toString(id);
    return suffixes.stream().anyMatch(digits::endsWith);
  }
}
