package org.psidgateway.ledger;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.Period;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import javax.sql.DataSource;
import org.psidgateway.store.Stores;

/** Real ledgers on a given database, without a container: each one is a pod's. */
public record Ledgers(
    int calls,
    Duration per,
    int burst,
    long ceiling,
    double reserveFloor,
    Duration uncertainDelay,
    double uncertainCap,
    Map<String, PagePaceConfig.Own> pagePaces) {

  /** No pace, plenty of quota. */
  public static Ledgers unlimited() {
    return new Ledgers(
        0, Duration.ofHours(1), 3, 5_000_000, 0.05, Duration.ofSeconds(5), 0.01, Map.of());
  }

  public Ledgers withPace(int calls, Duration per, int burst) {
    return new Ledgers(
        calls, per, burst, ceiling, reserveFloor, uncertainDelay, uncertainCap, pagePaces);
  }

  public Ledgers withCeiling(long ceiling) {
    return new Ledgers(
        calls, per, burst, ceiling, reserveFloor, uncertainDelay, uncertainCap, pagePaces);
  }

  public Ledgers withUncertainDelay(Duration delay) {
    return new Ledgers(calls, per, burst, ceiling, reserveFloor, delay, uncertainCap, pagePaces);
  }

  public Ledgers withUncertainCap(double cap) {
    return new Ledgers(calls, per, burst, ceiling, reserveFloor, uncertainDelay, cap, pagePaces);
  }

  public Ledgers withPagePace(long page, int pageCalls, Duration pagePer) {
    return new Ledgers(
        calls,
        per,
        burst,
        ceiling,
        reserveFloor,
        uncertainDelay,
        uncertainCap,
        Map.of(Long.toString(page), new Own(OptionalInt.of(pageCalls), Optional.of(pagePer))));
  }

  /** The decision by itself, for tests that choose the deadline of a call. */
  Reserve reserve(DataSource dataSource) {
    return new Reserve(
        new Rules(
            Pace.of(new Paces(calls, per, burst)),
            PagePaceConfig.read(() -> pagePaces, burst),
            new Quotas(ceiling, 0.01, uncertainCap, reserveFloor),
            new UpstreamWindow(new Windows(Optional.empty(), Period.ofDays(180), Optional.empty())),
            new Cooldowns(Duration.ofSeconds(2), Duration.ofHours(1)),
            () -> uncertainDelay,
            () -> 0.1),
        Stores.on(dataSource));
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
        () -> pagePaces,
        new Quotas(ceiling, 0.01, uncertainCap, reserveFloor),
        new Windows(Optional.empty(), Period.ofDays(180), closedOn),
        new Cooldowns(Duration.ofSeconds(2), Duration.ofHours(1)),
        () -> uncertainDelay,
        () -> 0.1,
        new SimpleMeterRegistry());
  }

  record Own(OptionalInt paceCalls, Optional<Duration> pacePer) implements PagePaceConfig.Own {}

  record Paces(int calls, Duration per, int burst) implements PaceConfig {}

  record Quotas(long ceiling, double fanShare, double uncertainCap, double reserveFloor)
      implements QuotaConfig {}

  record Windows(Optional<LocalDate> approvedOn, Period length, Optional<LocalDate> closedOn)
      implements WindowConfig {}

  record Cooldowns(Duration initial, Duration max) implements CooldownConfig {}
}
