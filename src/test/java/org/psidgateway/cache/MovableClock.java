package org.psidgateway.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

final class MovableClock implements InstantSource {
  private volatile Instant now;

  MovableClock(Instant start) {
    now = start;
  }

  void advance(Duration by) {
    now = now.plus(by);
  }

  long seconds() {
    return now.getEpochSecond();
  }

  @Override
  public Instant instant() {
    return now;
  }
}
