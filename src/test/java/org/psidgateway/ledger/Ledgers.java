package org.psidgateway.ledger;

import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.Period;
import java.util.Optional;
import javax.sql.DataSource;
import org.psidgateway.store.Stores;

/** Real ledgers on a given database, without a container: each one is a pod's. */
public record Ledgers(
    int calls,
    Duration per,
    int burst,
    long ceiling,
    double reserveFloor,
    Duration uncertainDelay) {

  /** No pace, plenty of quota. */
  public static Ledgers unlimited() {
    return new Ledgers(0, Duration.ofHours(1), 3, 5_000_000, 0.05, Duration.ofSeconds(5));
  }

  public Ledgers withPace(int calls, Duration per, int burst) {
    return new Ledgers(calls, per, burst, ceiling, reserveFloor, uncertainDelay);
  }

  public Ledgers withCeiling(long ceiling) {
    return new Ledgers(calls, per, burst, ceiling, reserveFloor, uncertainDelay);
  }

  public Ledgers withUncertainDelay(Duration delay) {
    return new Ledgers(calls, per, burst, ceiling, reserveFloor, delay);
  }

  public Ledger on(DataSource dataSource) {
    return on(dataSource, InstantSource.system(), Optional.empty());
  }

  public Ledger on(DataSource dataSource, InstantSource clock, Optional<LocalDate> closedOn) {
    return new Ledger(
        dataSource,
        Stores.on(dataSource),
        clock,
        new Paces(calls, per, burst),
        new Quotas(ceiling, 0.01, 0.01, reserveFloor),
        new Windows(Optional.empty(), Period.ofDays(180), closedOn),
        new Cooldowns(Duration.ofSeconds(2), Duration.ofHours(1)),
        () -> uncertainDelay);
  }

  record Paces(int calls, Duration per, int burst) implements PaceConfig {}

  record Quotas(long ceiling, double fanShare, double uncertainCap, double reserveFloor)
      implements QuotaConfig {}

  record Windows(Optional<LocalDate> approvedOn, Period length, Optional<LocalDate> closedOn)
      implements WindowConfig {}

  record Cooldowns(Duration initial, Duration max) implements CooldownConfig {}
}
