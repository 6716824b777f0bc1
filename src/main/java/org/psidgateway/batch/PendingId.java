package org.psidgateway.batch;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Source;
import org.psidgateway.trace.Trace;

/**
 * An unknown id on its way to an answer. However many callers want it, they all wait here, for one
 * call (single flight). Guarded by its {@link PageQueue}.
 */
final class PendingId {
  /** A line of a caller's answers. */
  record Waiter(Ticket ticket, int line) {}

  enum State {
    QUEUED,
    /** Held by a conversion. */
    TAKEN,
    /** Another call, mostly another pod's, is asking it. */
    FOREIGN,
    DONE
  }

  final long asid;

  /** The request that asked first; a call takes one id of each request in turn. */
  final Object owner;

  /** Who sent that request. */
  final String caller;

  private final List<Waiter> waiters = new ArrayList<>(1);

  /** The Pages whose PSIDs are wanted, also by callers that have left; not to be changed. */
  private Set<PageId> pages = Set.of();

  private int gone;
  Lane lane;
  State state = State.QUEUED;

  /** The trace of the call that is asking it. */
  Trace call = Trace.NONE;

  /** How many calls were refused because of other ids in them. */
  int rounds;

  /** Whether it was refused in a call of its own not long ago, and so gets a call of its own. */
  boolean alone;

  /** What has been read about it, if there is more to be read. */
  @Nullable Progress progress;

  /** Whether its last call ended uncertain: it goes before ids that were never asked. */
  boolean uncertain;

  PendingId(long asid, Lane lane, Object owner, String caller) {
    this.asid = asid;
    this.lane = lane;
    this.owner = owner;
    this.caller = caller;
  }

  void add(Ticket ticket, int line) {
    waiters.add(new Waiter(ticket, line));
    if (pages.isEmpty()) {
      pages = ticket.page;
    } else if (!pages.containsAll(ticket.page)) {
      pages = Stream.concat(pages.stream(), ticket.page.stream()).collect(toUnmodifiableSet());
    }
  }

  /** The Pages whose PSIDs are wanted. */
  Set<PageId> pages() {
    return pages;
  }

  /**
   * Called when a ticket that waited here has closed. Closed ones are taken off the list once they
   * are more than half of it, so that leaving takes constant time however many wait.
   */
  void leave() {
    gone++;
    if (2 * gone > waiters.size()) {
      waiters.removeIf(waiter -> waiter.ticket().isClosed());
      gone = 0;
    }
  }

  boolean isWanted() {
    return waiting() > 0;
  }

  /** How many lines wait here. */
  int waiting() {
    return waiters.size() - gone;
  }

  /**
   * Answers every line that waits here for its PSID on this Page, and adds its ticket to {@code
   * tickets}.
   *
   * @return how many lines did
   */
  int answer(PageId page, long verdict, Source source, Set<Ticket> tickets) {
    return release(page, tickets, waiter -> waiter.ticket().answer(waiter.line(), verdict, source));
  }

  /** The same, without an answer. */
  int close(PageId page, Fate fate, Set<Ticket> tickets) {
    return release(
        page, tickets, waiter -> waiter.ticket().close(waiter.line(), fate, Duration.ZERO));
  }

  private int release(PageId page, Set<Ticket> tickets, Consumer<Waiter> answer) {
    int before = waiting();
    waiters.removeIf(
        waiter -> {
          boolean theirs = waiter.ticket().page.contains(page);
          if (theirs) {
            answer.accept(waiter);
            tickets.add(waiter.ticket());
          }
          return theirs;
        });
    gone = (int) waiters.stream().filter(waiter -> waiter.ticket().isClosed()).count();
    pages =
        pages.size() == 1 && pages.contains(page)
            ? Set.of()
            : pages.stream().filter(any -> !any.equals(page)).collect(toUnmodifiableSet());
    return before - waiting();
  }

  /** Closes every line that waits here without an answer, and adds its ticket to the others. */
  void close(Fate fate, Set<Ticket> tickets) {
    for (Waiter waiter : waiters) {
      waiter.ticket().close(waiter.line(), fate, Duration.ZERO);
      tickets.add(waiter.ticket());
    }
  }

  /** Nobody waits here any more, whoever may still hold the id; returns how many lines did. */
  int letGo() {
    int were = waiting();
    waiters.clear();
    gone = 0;
    return were;
  }

  List<Waiter> waiters() {
    return waiters;
  }
}
