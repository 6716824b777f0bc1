package org.psidgateway.api.door;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Ids;

/**
 * The value of {@code user_ids}: each id once, in the order in which they first came.
 *
 * @param malformed never sent anywhere
 */
record AskedIds(Set<Long> asids, Set<String> malformed) {
  private static final int MOST = 200;

  /**
   * What the comma list holds.
   *
   * @throws GraphRefusal if there are none, or more than 200, repetitions included
   */
  static AskedIds of(@Nullable String list) {
    AskedIds asked = new AskedIds(new LinkedHashSet<>(), new LinkedHashSet<>());
    String text = list == null ? "" : list;
    int count = 0;
    for (int from = 0; from <= text.length(); ) {
      int comma = text.indexOf(',', from);
      int to = comma < 0 ? text.length() : comma;
      String id = text.substring(from, to).strip();
      from = to + 1;
      if (!id.isEmpty()) {
        asked.add(id);
        count++;
      }
      if (count > MOST) {
        throw GraphRefusal.of(GraphError.TOO_MANY_IDS);
      }
    }
    if (count == 0) {
      throw GraphRefusal.of(GraphError.IDS_MISSING);
    }
    return asked;
  }

  private void add(String id) {
    long asid = Ids.parse(id);
    if (asid == Ids.MALFORMED) {
      malformed.add(id);
    } else {
      asids.add(asid);
    }
  }

  long[] toArray() {
    return asids.stream().mapToLong(Long::longValue).toArray();
  }
}
