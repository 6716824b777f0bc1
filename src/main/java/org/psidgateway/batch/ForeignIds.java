package org.psidgateway.batch;

import static java.util.stream.Collectors.toSet;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;

/** The ids that wait for other calls, by call. Guarded by its {@link PageQueue}. */
final class ForeignIds {
  private final Map<UUID, List<PendingId>> byCall = new HashMap<>();

  void add(UUID callId, Collection<PendingId> ids) {
    if (!ids.isEmpty()) {
      byCall.computeIfAbsent(callId, call -> new ArrayList<>()).addAll(ids);
    }
    ids.forEach(id -> id.state = PendingId.State.FOREIGN);
  }

  boolean isEmpty() {
    return byCall.isEmpty();
  }

  Map<UUID, long[]> byCall() {
    Map<UUID, long[]> asids = new HashMap<>();
    byCall.forEach((call, ids) -> asids.put(call, ids.stream().mapToLong(id -> id.asid).toArray()));
    return asids;
  }

  /**
   * Removes the ids whose call has ended.
   *
   * @param looked the ids that were looked at, by call
   * @param underWay the ones among them whose call is still under way
   * @return the ones that have no answer yet
   */
  List<PendingId> ended(Map<UUID, long[]> looked, Map<UUID, long[]> underWay) {
    List<PendingId> ended = new ArrayList<>();
    looked.forEach(
        (call, asids) -> {
          Set<Long> waiting = setOf(underWay.getOrDefault(call, new long[0]));
          Set<Long> seen = setOf(asids);
          List<PendingId> ids = byCall.getOrDefault(call, new ArrayList<>());
          ids.removeIf(
              id ->
                  seen.contains(id.asid)
                      && !waiting.contains(id.asid)
                      && (id.state != PendingId.State.FOREIGN || ended.add(id)));
          if (ids.isEmpty()) {
            byCall.remove(call);
          }
        });
    return ended;
  }

  private static Set<Long> setOf(long[] asids) {
    return LongStream.of(asids).boxed().collect(toSet());
  }
}
