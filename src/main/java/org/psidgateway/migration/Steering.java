package org.psidgateway.migration;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.RoundTrip;

/**
 * What becomes of a migration that is asked to be otherwise, decided with its row locked.
 *
 * <p>A pause needs nobody who works on the migration: as soon as {@code next_state} is set, or the
 * state is none of work, the ledger refuses it calls, under the same lock; and whoever settles the
 * last call under way makes the move.
 */
final class Steering {
  private static final String CANARY_FAILED = "canary_failed";
  private static final String OPERATOR = "operator";

  private static final String WANT =
      "update migration set desired = ?, canary_done = canary_done or ? where id = ?";

  private static final String GO_ON =
      """
      update migration
         set next_state = null, next_reason = null, next_by = null, desired = 'running',
             revision = revision + 1
       where id = ?
      """;

  private final MigrationRow row;
  private final MigrationId id;
  private final State state;
  private final @Nullable State next;
  private final String by;

  Steering(MigrationRow row, MigrationId id, String by) {
    this.row = row;
    this.id = id;
    this.state = row.migration().state();
    this.next = row.next();
    this.by = by;
  }

  /**
   * Adds what has to be written; false if it is so already, or will be.
   *
   * @throws IllegalTransition if that can't be asked by now
   */
  boolean to(RoundTrip trip, Desired wanted) {
    State becomes = next == null ? state : next;
    if (reached(becomes, wanted)) {
      return false;
    }
    if (!legal().contains(wanted)) {
      throw new IllegalTransition(state, legal());
    }
    switch (wanted) {
      case RUNNING -> run(trip);
      case PAUSED -> stop(trip, wanted, State.PAUSED, OPERATOR);
      case CANCELLED -> stop(trip, wanted, State.CANCELLED, null);
    }
    return true;
  }

  private static boolean reached(State becomes, Desired wanted) {
    return switch (wanted) {
      case RUNNING -> becomes.isWorking();
      case PAUSED -> becomes == State.PAUSED;
      case CANCELLED -> becomes == State.CANCELLED;
    };
  }

  /** On its way to a pause it may be turned back; on its way to an end it may not. */
  private List<Desired> legal() {
    return next == null ? state.legal() : next.legal();
  }

  private void run(RoundTrip trip) {
    boolean skip = CANARY_FAILED.equals(next == null ? row.migration().reason() : row.nextReason());
    if (next != null && !skip) {
      trip.update(GO_ON, id.value());
      return;
    }
    trip.update(WANT, Desired.RUNNING.wireName(), skip, id.value());
    Moves.move(trip, id, state, skip || !hasCanary() ? State.RUNNING : State.CANARY, null, by);
  }

  private boolean hasCanary() {
    Counts counts = row.migration().counts();
    long canary = row.migration().settings().canaryIds();
    return counts != null
        && canary > 0
        && !row.canaryDone()
        && counts.remaining() + counts.inFlight() > canary;
  }

  private void stop(RoundTrip trip, Desired wanted, State to, @Nullable String reason) {
    trip.update(WANT, wanted.wireName(), false, id.value());
    if (row.underWay() == 0) {
      Moves.move(trip, id, state, to, reason, by);
    } else {
      Moves.moveNext(trip, id, to, reason, by);
    }
  }

  /** What of the settings may be changed when it has ended: what it is called. */
  static void checkSettings(MigrationRow row, Settings wanted) {
    Settings before = row.migration().settings();
    List<Object> bounds = new ArrayList<>(bounds(before));
    if (row.migration().state().isEnd() && !bounds.equals(bounds(wanted))) {
      throw new IllegalTransition(row.migration().state(), List.of());
    }
  }

  private static List<Object> bounds(Settings settings) {
    List<Object> bounds = new ArrayList<>(3);
    bounds.add(String.valueOf(settings.deadline()));
    bounds.add(String.valueOf(settings.quotaCap()));
    bounds.add(settings.share());
    return bounds;
  }
}
