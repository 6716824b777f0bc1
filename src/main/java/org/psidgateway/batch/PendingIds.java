package org.psidgateway.batch;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.time.Ticker;

/**
 * The ids on their way to an answer, and where each lane's wait. Guarded by its {@link PageQueue}.
 */
final class PendingIds {
  private final Map<Long, PendingId> byAsid = new HashMap<>();
  private final Map<Lane, LaneQueue> queues = new EnumMap<>(Lane.class);
  private final Load load;

  PendingIds(Load load, Ticker ticker) {
    this.load = load;
    for (Lane lane : Lane.values()) {
      queues.put(lane, new LaneQueue(lane, ticker));
    }
  }

  @Nullable PendingId get(long asid) {
    return byAsid.get(asid);
  }

  void put(PendingId id) {
    byAsid.put(id.asid, id);
  }

  /** A caller in more of a hurry wants it too. */
  void promote(PendingId id, Lane lane) {
    if (id.state == PendingId.State.QUEUED) {
      queue(id.lane).remove(id);
      queue(lane).add(id);
    } else {
      id.lane = lane; // in case it is queued again
    }
  }

  Collection<PendingId> all() {
    return byAsid.values();
  }

  /** Those of {@code asids} that are on their way. */
  List<PendingId> of(long[] asids) {
    return LongStream.of(asids).mapToObj(byAsid::get).filter(Objects::nonNull).toList();
  }

  LaneQueue queue(Lane lane) {
    return Objects.requireNonNull(queues.get(lane));
  }

  /** A request has had its share of a call. */
  void served(Object owner) {
    queues.values().forEach(queue -> queue.served(owner));
  }

  /** These lines of the id wait no longer; it is done once nothing else is wanted about it. */
  void served(PendingId id, int lines) {
    load.lines(-lines);
    if (id.pages().isEmpty()) {
      forget(id);
    }
  }

  void forget(PendingId id) {
    if (id.state != PendingId.State.DONE) {
      queue(id.lane).remove(id);
      id.state = PendingId.State.DONE;
      byAsid.remove(id.asid, id);
      load.ids(-1);
      load.lines(-id.letGo());
    }
  }

  /** Those of {@code asids} that are on their way, by the Pages that they are wanted of. */
  Map<PageId, long[]> wanted(long[] asids) {
    Map<PageId, LongStream.Builder> pages = new TreeMap<>();
    for (PendingId id : of(asids)) {
      id.pages()
          .forEach(page -> pages.computeIfAbsent(page, any -> LongStream.builder()).add(id.asid));
    }
    Map<PageId, long[]> wanted = new LinkedHashMap<>();
    pages.forEach((page, theirs) -> wanted.put(page, theirs.build().toArray()));
    return wanted;
  }
}
