package org.psidgateway.batch;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.trace.Trace;
import org.psidgateway.upstream.Question.Further;

/**
 * The ids that a conversion is about: whatever its lane's queue offers, so that this keeps filling,
 * until the conversion has its grant; from then on the ids it took. Used by one conversion, one
 * turn at a time.
 */
final class Selection {
  final PageQueue queue;
  final Lane lane;
  private List<PendingId> taken;
  private List<PendingId> candidates = List.of();
  private boolean open;

  private Selection(PageQueue queue, Lane lane, List<PendingId> taken, boolean open) {
    this.queue = queue;
    this.lane = lane;
    this.taken = taken;
    this.open = open;
  }

  /** Whatever waits in this lane. */
  static Selection ofLane(PageQueue queue, Lane lane) {
    return new Selection(queue, lane, List.of(), true);
  }

  /** Ids that have been taken out of their queue. */
  static Selection of(PageQueue queue, Lane lane, List<PendingId> taken) {
    return new Selection(queue, lane, List.copyOf(taken), false);
  }

  /** The ids to reserve. */
  long[] candidates(int batchSize) {
    candidates = open ? queue.candidates(lane, batchSize) : queue.stillTaken(taken);
    return candidates.stream().mapToLong(id -> id.asid).toArray();
  }

  /** Who asked first for each of the candidates. */
  String[] callers() {
    return candidates.stream().map(id -> id.caller).toArray(String[]::new);
  }

  /** The candidates by the Pages that they are wanted of. */
  Map<PageId, long[]> wanted() {
    return queue.wanted(candidates.stream().mapToLong(id -> id.asid).toArray());
  }

  /** The calls that began to read about candidates, and still claim them. */
  Set<UUID> continued() {
    return candidates.stream()
        .map(id -> id.progress)
        .filter(Objects::nonNull)
        .map(Progress::call)
        .collect(toSet());
  }

  /** Where to go on with the ids that it took. */
  Map<Long, Further> further() {
    return taken.stream()
        .filter(id -> id.progress != null)
        .collect(toMap(id -> id.asid, id -> id.progress.further()));
  }

  /** What has been read about the ids that it took. */
  Map<Long, PendingId> taken() {
    return taken.stream().collect(toMap(id -> id.asid, id -> id));
  }

  /** Goes on with some of its ids alone; the others are taken care of. */
  void keep(Set<Long> asids) {
    taken = taken.stream().filter(id -> asids.contains(id.asid)).toList();
  }

  /** The recorded requests that wait for the candidates. */
  Set<Trace> requests() {
    return queue.requests(candidates);
  }

  /** Takes what was granted; true if the lane's queue is free for the next conversion. */
  boolean take(Granted granted, Trace call) {
    List<PendingId> before = taken;
    taken = queue.take(granted.asids(), call);
    Set<PendingId> kept = new HashSet<>(taken);
    queue.requeue(before.stream().filter(id -> !kept.contains(id)).toList());
    boolean wasOpen = open;
    open = false;
    return wasOpen;
  }

  /** Whether it still speaks for its lane's queue. */
  boolean isOpen() {
    return open;
  }

  /** Whether it is a suspect, while the other ids of its lane go on. */
  boolean isSuspect() {
    return !open && taken.stream().anyMatch(id -> id.alone);
  }

  int size() {
    return taken.size();
  }

  /** Queues its ids again. */
  void requeue() {
    queue.requeue(taken);
  }

  /**
   * Queues its ids again after a call that was refused because of other ids.
   *
   * @return false if one of them has seen that too often: then nothing is queued
   */
  boolean requeueUnlessSpoilt() {
    List<PendingId> rest = queue.stillTaken(taken);
    if (queue.spoilt(rest)) {
      return false;
    }
    queue.requeue(rest);
    return true;
  }

  /** Remembers its ids as suspects. */
  void suspect() {
    queue.suspect(taken);
  }

  /** Ends the wait for its ids, or for all that its lane's queue holds, without an answer. */
  void end(Fate fate) {
    queue.end(open ? queue.all(lane) : queue.stillTaken(taken), fate);
  }

  /** Two halves of two ids or more. */
  List<Selection> halves() {
    int middle = taken.size() / 2;
    return List.of(
        of(queue, lane, taken.subList(0, middle)),
        of(queue, lane, taken.subList(middle, taken.size())));
  }
}
