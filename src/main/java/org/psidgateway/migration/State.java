package org.psidgateway.migration;

import java.util.List;
import java.util.Locale;

/** Where a migration is, and what may be asked of it there: the one table of moves. */
public enum State {
  /** Its list is deduplicated, and compared with what is known. */
  UPLOADING(Desired.CANCELLED),
  AWAITING_CONFIRMATION(Desired.RUNNING, Desired.CANCELLED),
  /** Its first ids are asked: the rest waits for how they turn out. */
  CANARY(Desired.PAUSED, Desired.CANCELLED),
  RUNNING(Desired.PAUSED, Desired.CANCELLED),
  PAUSED(Desired.RUNNING, Desired.CANCELLED),
  COMPLETED,
  CANCELLED,
  EXPIRED,
  FAILED;

  @SuppressWarnings("ImmutableEnumChecker") // it is one that List.of has made
  private final List<Desired> legal;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  State(Desired... legal) {
    this.legal = List.of(legal);
  }

  /** What may be asked of it. */
  public List<Desired> legal() {
    return legal;
  }

  /** Whether nothing about it changes any more. */
  public boolean isEnd() {
    return legal.isEmpty();
  }

  /** Whether its ids are asked. */
  public boolean isWorking() {
    return this == CANARY || this == RUNNING;
  }

  public String wireName() {
    return wireName;
  }

  public static State of(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
