package org.psidgateway.time;

import java.time.Instant;

/** Moments as the database tells them: microseconds since the epoch. */
public final class Micros {
  private Micros() {}

  public static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
  }

  /** Rounded down. */
  public static long of(Instant instant) {
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
  }
}
