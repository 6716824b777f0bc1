package org.psidgateway.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The malformed ids of a request: each once, with its place among the well-formed ones, so that the
 * answer keeps the order of the request. Empty, and then nearly free, in most requests. Not
 * thread-safe.
 */
final class OddIds {
  private final Set<String> seen = new HashSet<>(0);
  private final List<String> texts = new ArrayList<>(0);
  private int[] places = {};

  /**
   * Keeps {@code text} unless it is there already; {@code place} well-formed ids came before it.
   */
  void add(String text, int place) {
    if (seen.add(text)) {
      if (texts.size() == places.length) {
        places = Arrays.copyOf(places, Math.max(8, places.length * 2));
      }
      places[texts.size()] = place;
      texts.add(text);
    }
  }

  int size() {
    return texts.size();
  }

  String text(int i) {
    return texts.get(i);
  }

  int place(int i) {
    return places[i];
  }
}
