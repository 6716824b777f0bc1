package org.psidgateway.ops;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the key that somebody who misspelt it probably meant. */
final class NearestKey {
  private static final int MOST_EDITS = 3;

  private final List<String> keys;

  /**
   * @param patterns keys, in which {@code *} stands for a name
   */
  NearestKey(Collection<String> patterns) {
    this.keys = patterns.stream().filter(key -> !key.contains("[")).sorted().toList();
  }

  /** Spelled as a variable if {@code name} is one; empty if nothing is near. */
  Optional<String> to(String name) {
    boolean variable = !name.startsWith(KeyPatterns.ROOT);
    return keys.stream()
        .map(key -> new Candidate(key, edits(spelled(key, variable), name)))
        .filter(candidate -> candidate.edits() <= MOST_EDITS)
        .min(Comparator.comparingInt(Candidate::edits))
        .map(candidate -> spelled(candidate.key(), variable).replace("*", "<name>"));
  }

  private record Candidate(String key, int edits) {}

  private static String spelled(String key, boolean variable) {
    return variable
        ? KeyPatterns.asVariable(key.replace("*", "_0_")).replace("_0_", "_*_")
        : key.replace("*", "\"*\"");
  }

  /** The edit distance (Levenshtein); {@code *} stands for any characters. */
  static int edits(String pattern, String name) {
    int[] row = new int[name.length() + 1];
    for (int at = 0; at <= name.length(); at++) {
      row[at] = at;
    }
    for (char wanted : pattern.toCharArray()) {
      int[] next = new int[row.length];
      next[0] = wanted == '*' ? row[0] : row[0] + 1;
      for (int at = 1; at < row.length; at++) {
        int kept = wanted == '*' || wanted == name.charAt(at - 1) ? 0 : 1;
        int left = wanted == '*' ? next[at - 1] : next[at - 1] + 1;
        int skipped = wanted == '*' ? row[at] : row[at] + 1;
        next[at] = Math.min(Math.min(left, skipped), row[at - 1] + kept);
      }
      row = next;
    }
    return row[name.length()];
  }
}
