package org.psidgateway.api.door;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.psidgateway.api.mapping.DistinctIds;
import org.psidgateway.model.Ids;

/** The value of {@code user_ids}: each id once, in the order in which they first came. */
final class AskedIds {
  private static final int MOST = 200;

  private final DistinctIds asids = new DistinctIds(MOST, ThreadLocalRandom.current().nextLong());
  private final Set<String> malformed = new LinkedHashSet<>(0);
  private int count;

  private AskedIds() {}

  /**
   * What the comma list holds.
   *
   * @throws GraphRefusal if there are none, or more than 200, repetitions included
   */
  static AskedIds of(@Nullable String list) {
    AskedIds asked = new AskedIds();
    char[] text = (list == null ? "" : list).toCharArray();
    int from = 0;
    for (int to = 0; to <= text.length; to++) {
      if (to == text.length || text[to] == ',') {
        asked.add(text, from, to);
        from = to + 1;
      }
    }
    if (asked.count == 0) {
      throw GraphRefusal.of(GraphError.IDS_MISSING);
    }
    return asked;
  }

  private void add(char[] text, int begin, int end) {
    int from = begin;
    int to = end;
    while (from < to && Character.isWhitespace(text[from])) {
      from++;
    }
    while (from < to && Character.isWhitespace(text[to - 1])) {
      to--;
    }
    if (from == to) {
      return;
    }
    if (++count > MOST) {
      throw GraphRefusal.of(GraphError.TOO_MANY_IDS);
    }
    long asid = Ids.parse(text, from, to - from);
    if (asid == Ids.MALFORMED) {
      malformed.add(new String(text, from, to - from));
    } else {
      asids.add(asid);
    }
  }

  /** How many there are, malformed ones apart. */
  int size() {
    return asids.size();
  }

  long[] toArray() {
    return asids.toArray();
  }

  /** Those that are never sent anywhere. */
  Set<String> malformed() {
    return malformed;
  }
}
