package org.psidgateway.migration;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

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

  private final Set<Desired> legal;
  private final String wireName = name().toLowerCase(Locale.ROOT);

  State(Desired... legal) {
    this.legal = Set.copyOf(legal.length == 0 ? EnumSet.noneOf(Desired.class) : List.of(legal));
  }

  /** What may be asked of it, in this order: running, paused, cancelled. */
  public List<Desired> legal() {
    return legal.stream().sorted().toList();
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
