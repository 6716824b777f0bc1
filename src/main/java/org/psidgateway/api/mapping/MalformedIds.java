package org.psidgateway.api.mapping;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The malformed ids of a request: each once, with its position among the well-formed ones, so that
 * the answer keeps the order of the request. Empty, and then nearly free, in most requests. Not
 * thread-safe.
 */
final class MalformedIds {
  private final Set<String> seen = new HashSet<>(0);
  private final List<String> texts = new ArrayList<>(0);
  private int[] positions = {};

  /**
   * Keeps {@code text} unless it is there already; {@code position} well-formed ids came before it.
   */
  void add(String text, int position) {
    if (seen.add(text)) {
      if (texts.size() == positions.length) {
        positions = Arrays.copyOf(positions, Math.max(8, positions.length * 2));
      }
      positions[texts.size()] = position;
      texts.add(text);
    }
  }

  int size() {
    return texts.size();
  }

  String text(int i) {
    return texts.get(i);
  }

  int position(int i) {
    return positions[i];
  }
}
