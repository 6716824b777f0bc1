package org.psidgateway.batch;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Lane;
import org.psidgateway.time.Ticker;

/**
 * The order in which a lane's ids leave. A call takes one id of each request in turn, so that a
 * single id need not wait behind a list of thousands; ids whose last call ended uncertain go first;
 * suspects wait for a call of their own. Guarded by its {@link PageQueue}.
 */
final class LaneQueue {
  final LaneState state;
  private final Lane lane;
  private final Map<Long, PendingId> uncertain = new LinkedHashMap<>();
  private final Map<Object, Map<Long, PendingId>> requests = new LinkedHashMap<>();
  private final Map<Long, PendingId> suspects = new LinkedHashMap<>();
  private @Nullable PendingId suspect;
  private int size;

  LaneQueue(Lane lane, Ticker ticker) {
    this.lane = lane;
    this.state = new LaneState(ticker);
  }

  void add(PendingId id) {
    id.state = PendingId.State.QUEUED;
    id.lane = lane;
    if (id.alone) {
      suspects.put(id.asid, id);
    } else if (queueOf(id).put(id.asid, id) == null) {
      size++;
    }
  }

  private Map<Long, PendingId> queueOf(PendingId id) {
    return id.uncertain
        ? uncertain
        : requests.computeIfAbsent(id.owner, owner -> new LinkedHashMap<>());
  }

  void remove(PendingId id) {
    if (suspects.remove(id.asid) != null) {
      return;
    }
    if (uncertain.remove(id.asid) != null) {
      size--;
      return;
    }
    Map<Long, PendingId> queue = requests.get(id.owner);
    if (queue != null && queue.remove(id.asid) != null) {
      size--;
      if (queue.isEmpty()) {
        requests.remove(id.owner);
      }
    }
  }

  /** Takes the next suspect, unless the previous one is still on its way to its call. */
  @Nullable PendingId takeSuspect() {
    if (suspects.isEmpty() || suspect != null && suspect.state == PendingId.State.TAKEN) {
      return null;
    }
    suspect = suspects.values().iterator().next();
    suspects.remove(suspect.asid);
    suspect.state = PendingId.State.TAKEN;
    return suspect;
  }

  /** The request has had its share of a call: the others go before it next time. */
  void served(Object owner) {
    Map<Long, PendingId> queue = requests.remove(owner);
    if (queue != null) {
      requests.put(owner, queue);
    }
  }

  /** How many ids wait, not counting suspects. */
  int size() {
    return size;
  }

  /** The ids that leave next, without suspects; they stay queued. */
  List<PendingId> first(int most) {
    List<PendingId> first = new ArrayList<>(Math.min(most, size));
    take(uncertain.values().iterator(), most, first);
    List<Iterator<PendingId>> round = new ArrayList<>();
    for (Map<Long, PendingId> queue : requests.values()) {
      if (first.size() == most) {
        return first;
      }
      Iterator<PendingId> rest = queue.values().iterator();
      first.add(rest.next());
      round.add(rest);
    }
    while (!round.isEmpty() && first.size() < most) {
      round.removeIf(rest -> !rest.hasNext());
      for (Iterator<PendingId> rest : round) {
        take(rest, Math.min(most, first.size() + 1), first);
      }
    }
    return first;
  }

  private static void take(Iterator<PendingId> from, int most, List<PendingId> to) {
    while (to.size() < most && from.hasNext()) {
      to.add(from.next());
    }
  }
}
