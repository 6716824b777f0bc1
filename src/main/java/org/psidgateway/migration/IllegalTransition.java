package org.psidgateway.migration;

import java.util.List;

/** What was asked is not to be had in the migration's present state. */
public final class IllegalTransition extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final State state;
  private final transient List<Desired> legal;

  IllegalTransition(State state, List<Desired> legal) {
    super("not in state " + state.wireName(), null, false, false);
    this.state = state;
    this.legal = legal;
  }

  public State state() {
    return state;
  }

  /** What could be asked instead. */
  public List<Desired> legal() {
    return legal;
  }
}
