package org.psidgateway.migration;

import org.jspecify.annotations.Nullable;

/**
 * What follows once a list has been compared with what is known.
 *
 * @param confirmAbove more ids to convert than this wait for a confirmation
 */
public record FirstState(long confirmAbove) {

  /**
   * @param open ids to convert
   * @param confirm whether to wait for a confirmation; null: by their number
   */
  public State of(long open, @Nullable Boolean confirm, long canaryIds) {
    if (open == 0) {
      return State.COMPLETED;
    }
    if (confirm == null ? open > confirmAbove : confirm) {
      return State.AWAITING_CONFIRMATION;
    }
    return canaryIds > 0 && open > canaryIds ? State.CANARY : State.RUNNING;
  }
}
