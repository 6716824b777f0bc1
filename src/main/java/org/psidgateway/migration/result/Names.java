package org.psidgateway.migration.result;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the columns are called that stand beside those of the list: {@code psid}, {@code status} and
 * {@code reason}; {@code gateway_psid} and so on where the list has such a name itself, and {@code
 * gateway_psid_2}, {@code _3} where it has that as well.
 */
record Names(String psid, String status, String reason) {
  static final Names PLAIN = new Names("psid", "status", "reason");

  static Names beside(Set<String> taken) {
    return taken.isEmpty()
        ? PLAIN
        : new Names(free(PLAIN.psid, taken), free(PLAIN.status, taken), free(PLAIN.reason, taken));
  }

  private static String free(String name, Set<String> taken) {
    if (!taken.contains(name)) {
      return name;
    }
    String other = "gateway_" + name;
    return taken.contains(other) ? numbered(other, taken::contains) : other;
  }

  /** All of {@code names}, each once and none that is ours: later ones get a number. */
  List<String> distinct(List<String> names) {
    Set<String> own = Set.of(psid, status, reason);
    Set<String> original = new HashSet<>(names);
    Set<String> used = new HashSet<>();
    List<String> distinct = new ArrayList<>(names.size());
    for (String name : names) {
      distinct.add(
          used.add(name)
              ? name
              : numbered(name, n -> original.contains(n) || own.contains(n) || !used.add(n)));
    }
    return distinct;
  }

  private static String numbered(String name, Predicate<String> taken) {
    int number = 2;
    while (taken.test(name + "_" + number)) {
      number++;
    }
    return name + "_" + number;
  }
}
